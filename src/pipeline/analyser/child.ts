/**
 * @file The analysis process: decodes originals and runs models, apart from the library,
 * so that a hostile file or a crashing model ends this process and nothing else. Forked by `client.ts`.
 */

import { writeCompiledCode } from '../../config/compiled-code.ts'
import type { StepName } from '../../contract/words.ts'
import { FototecaError } from '../../domain/errors.ts'
import { cropPicture } from '../../media/crop-picture.ts'
import { decodePicture } from '../../media/decode.ts'
import { askParentForDecodeMemory } from '../../media/decode-children.ts'
import type { Models } from '../../models/model-set.ts'
import { createModels } from '../../models/registry.ts'
import { holdOriginal } from '../../storage/bounds.ts'
import type { PictureFile, Step } from '../step.ts'
import { DuplicateIndex } from '../steps/duplicates/duplicate-index.ts'
import { createSteps } from '../steps.ts'
import type { AnalyseRequest, AnalyserOptions, FromAnalyser, ToAnalyser } from './protocol.ts'
import { runSteps } from './run-steps.ts'

interface Setup {
  readonly options: AnalyserOptions
  readonly steps: Readonly<Record<StepName, Step>>
  readonly models: Models
}

let setup: Setup | undefined

const tell = (message: FromAnalyser): void => {
  process.send?.(message)
}

async function analyse({ request, file, steps: names, isSequential }: AnalyseRequest & { readonly request: number }): Promise<void> {
  if (!setup) throw new Error('analyse before configure')
  const { steps, models, options } = setup
  let isRunaway = false
  const decode = async ({ path, bounds, format, crop }: PictureFile, signal: AbortSignal) => {
    const limits = { maxPixels: options.maxPixels, maxBytes: options.maxBytes, timeoutMs: options.decodeTimeoutMs, owner: request }
    await using held = await holdOriginal(path, bounds)
    const picture = await decodePicture(held.path, format, limits, signal).catch((error: unknown) => {
      if (error instanceof FototecaError && error.code === 'timed_out') isRunaway = true
      throw error
    })
    return crop ? cropPicture(picture, crop) : picture
  }
  await runSteps(
    {
      steps,
      decode,
      models,
      onStarted: (step) => tell({ type: 'step-started', request, step }),
      onFinished: (step, outcome) => tell({ type: 'step-finished', request, step, outcome }),
    },
    file,
    names,
    isSequential,
    new AbortController().signal,
  )
  tell({ type: 'finished', request, rssBytes: process.memoryUsage.rss(), isRunaway })
  writeCompiledCode()
}

askParentForDecodeMemory()
process.on('message', (message: ToAnalyser) => {
  if (message.type === 'configure') {
    setup = {
      options: message.options,
      steps: createSteps({ thumbnailSize: message.options.thumbnailSize, duplicates: { index: new DuplicateIndex(), threshold: 0 } }),
      models: createModels(message.options.models),
    }
    tell({ type: 'ready' })
  } else if (message.type === 'analyse') void analyse(message)
})
// the library is gone: nobody waits for an answer
process.on('disconnect', () => process.exit(0))
