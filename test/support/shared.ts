/** @file Where the real pictures and small models lie; tests that need them say clearly that they are skipped where they are absent. */
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
if (noData) console.warn(`test pictures are absent (${DATA_DIR}; set FOTOTECA_TEST_DATA): tests that need them are skipped`)
if (noModels) console.warn(`test models are absent (${MODELS_DIR}; set FOTOTECA_TEST_MODELS): tests that need them are skipped`)
