/** @file The text tower's thread: text in, unit vector out. Tokenizing a large vocabulary takes seconds to set up, so it happens here too. */
import { readFile } from 'node:fs/promises'
import { describeError, FototecaError } from '../../../domain/errors.ts'
import { openSession, type Runtime, runSession, toFloats } from '../../onnx/session.ts'
import { Moved, serveModel } from '../../workers/worker-model.ts'
import { findEmbeddingOutput, findTextInputs, tokenTensor, unitVectors } from './session.ts'
import { createTokenizer, type TextRules } from './tokenize.ts'

export interface TextWorkerData {
  readonly modelFile: string
  readonly runtime: Runtime
  readonly width: number | null
  readonly tokenizerFile: string
  readonly configFile: string | null
  readonly rules: TextRules
}

serveModel(async ({ modelFile, runtime, width, tokenizerFile, configFile, rules }: TextWorkerData) => {
  const { session, notice } = await openSession(modelFile, runtime)
  const { inputs, length } = findTextInputs(session.inputMetadata, modelFile)
  const output = findEmbeddingOutput(session.outputMetadata, modelFile, width)
  // a length the graph fixes is the one that counts, whatever the config says
  const tokenize = await openTokenizer(tokenizerFile, configFile, length === null ? rules : { ...rules, maxTokens: length, padTo: length })
  return {
    async describe(): Promise<{ notice: string | null }> {
      return { notice }
    },
    async embed(text: string): Promise<Moved<Float32Array>> {
      const { ids, mask } = tokenize(text)
      const values = { ids, mask, positions: ids.map((_, index) => index), zeros: ids.map(() => 0) }
      const feeds = Object.fromEntries(inputs.map((input) => [input.name, tokenTensor(input.type, values[input.holds])]))
      const result = (await runSession(session, modelFile, feeds, [output.name]))[output.name]
      if (!result) throw new FototecaError('model_failed', `${modelFile} gave no ${output.name}`)
      if (toFloats(result).every((value) => value === 0))
        throw new FototecaError('unknown_words', `${modelFile} answered with zeros: it knows none of these words`)
      const [vector = new Float32Array(0)] = unitVectors(result, 1, width, modelFile)
      return new Moved(vector, [vector.buffer as ArrayBuffer])
    },
  }
})

async function openTokenizer(
  tokenizerFile: string,
  configFile: string | null,
  rules: TextRules,
): Promise<ReturnType<typeof createTokenizer>> {
  try {
    const config = configFile === null ? {} : JSON.parse(await readFile(configFile, 'utf8'))
    return createTokenizer(JSON.parse(await readFile(tokenizerFile, 'utf8')), config, rules)
  } catch (error) {
    throw new FototecaError(
      'invalid',
      `${tokenizerFile} cannot be used as a tokenizer: ${describeError(error)}; download it again, or use another export of this model`,
      { cause: error },
    )
  }
}
