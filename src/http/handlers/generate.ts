/** @file The handlers of `contract/routes/generate.ts`; the compiler says which is missing. */
import type { GENERATE_ROUTES } from '../../contract/routes/generate.ts'
import { generateImagesD } from '../described/generate-images-d.ts'
import type { HandlersOf } from '../handler.ts'
import { getGenerated, getGenerationZip } from '../routes/generate/bytes.ts'
import {
  cancelGeneration,
  getGeneration,
  getGenerationOptions,
  listGenerations,
  redoGenerated,
  resumeGeneration,
  reviewGenerated,
  startGeneration,
  startInspiration,
} from '../routes/generate/runs.ts'

export const generateHandlers = {
  getGenerationOptions,
  listGenerations,
  startGeneration,
  startInspiration,
  getGeneration,
  cancelGeneration,
  getGenerationZip,
  getGenerated,
  redoGenerated,
  resumeGeneration,
  reviewGenerated,
  generateImagesD,
} satisfies HandlersOf<typeof GENERATE_ROUTES>
