/**
 * @file Where the larger sets of pictures and the trained models lie, beside the project. Only `*.shared.test.ts`, evaluations and
 * benchmarks use them; where they are absent, tests are skipped (`npm test` says so at its end) and measurements say what they need.
 */
import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'

const root = resolve(import.meta.dirname, '../..')
export const DATA_DIR = process.env.FOTOTECA_TEST_DATA ?? resolve(root, '../shared/data')
export const MODELS_DIR = process.env.FOTOTECA_TEST_MODELS ?? resolve(root, '../shared/models')

/** Absolute path inside the test pictures. */
export const dataPath = (...parts: string[]): string => join(DATA_DIR, ...parts)
/** Absolute path inside the small test models. */
export const modelPath = (...parts: string[]): string => join(MODELS_DIR, ...parts)

/** Use as `describe.skipIf(noData)(…)`. */
export const noData = !existsSync(DATA_DIR)
export const noModels = !existsSync(MODELS_DIR)
