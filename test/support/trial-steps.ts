/** @file Steps without models that do what a photo's name says (`crash-ocr`, `hang-faces`, `fail-look`, `flaky-hash`), for tests of the runner. */
import { basename } from 'node:path'
import type { StepName } from '../../src/contract/words.ts'
import { STEP_NAMES } from '../../src/contract/words.ts'
import { FototecaError } from '../../src/domain/errors.ts'
import { defineStep, type Step } from '../../src/pipeline/step.ts'

const needsOf = (name: StepName): StepName[] =>
  name === 'prepare' || name === 'metadata' ? [] : name === 'duplicates' ? ['hash'] : ['prepare']

/** @param onSave called in the transaction of each saved result */
export function createTrialSteps(onSave: (photoId: number, step: StepName) => void = () => {}): Record<StepName, Step> {
  const entries = STEP_NAMES.map((name) => {
    const step = defineStep<string>({
      name,
      version: 1,
      needs: needsOf(name),
      // only `hang-faces` is waited for; the others have what they need on a busy machine
      timeoutMs: name === 'faces' ? 3000 : 60_000,
      lane: name === 'description' ? 'describe' : name === 'inspiration' ? 'inspire' : name === 'tags' ? 'tag' : 'analyse',
      ...(name === 'duplicates'
        ? {}
        : {
            run: async ({ file }) => {
              const photo = basename(file.path)
              await new Promise((resolve) => setTimeout(resolve, 20))
              if (photo === `crash-${name}`) process.kill(process.pid, 'SIGKILL')
              if (photo === `hang-${name}` || photo === `crash-${name}`) await new Promise(() => {})
              if (photo === `fail-${name}`) throw new FototecaError('unreadable_picture', 'the picture is damaged')
              if (photo === `flaky-${name}`) throw new FototecaError('model_failed', 'the model is down')
              return `${name} of ${photo}`
            },
          }),
      save: async (_trx, photoId, result) => {
        if (result === 'look of unstorable') throw new Error('invalid byte sequence')
        onSave(photoId, name)
      },
    })
    return [name, step] as const
  })
  return Object.fromEntries(entries) as Record<StepName, Step>
}
