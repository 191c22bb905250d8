/** @file The handlers of `contract/routes/describe.ts`; the compiler says which is missing. */
import type { DESCRIBE_ROUTES } from '../../contract/routes/describe.ts'
import type { HandlersOf } from '../handler.ts'
import { askDescriber } from '../routes/describe/ask-describer.ts'
import { cancelDescribe } from '../routes/describe/cancel-describe.ts'
import { cancelComparison, getComparison, listComparisons, startComparison } from '../routes/describe/comparisons.ts'
import { getDescribe } from '../routes/describe/get-describe.ts'
import { getTextEmbedding } from '../routes/describe/get-text-embedding.ts'
import { pauseDescribe } from '../routes/describe/pause-describe.ts'
import { resumeDescribe } from '../routes/describe/resume-describe.ts'
import { runDescribe } from '../routes/describe/run-describe.ts'
import { useDescriber } from '../routes/describe/use-describer.ts'

export const describeHandlers = {
  getDescribe,
  useDescriber,
  askDescriber,
  pauseDescribe,
  resumeDescribe,
  cancelDescribe,
  runDescribe,
  getTextEmbedding,
  listComparisons,
  startComparison,
  getComparison,
  cancelComparison,
} satisfies HandlersOf<typeof DESCRIBE_ROUTES>
