/** @file The handlers of `contract/routes/models.ts`; the compiler says which is missing. */
import type { MODEL_ROUTES } from '../../contract/routes/models.ts'
import type { HandlersOf } from '../handler.ts'
import { importModel } from '../routes/models/import-model.ts'
import { listModels } from '../routes/models/list-models.ts'
import { measureModel } from '../routes/models/measure-model.ts'
import { pullModel } from '../routes/models/pull-model.ts'
import { removeModel } from '../routes/models/remove-model.ts'
import { tryModel } from '../routes/models/try-model.ts'
import { useModel } from '../routes/models/use-model.ts'
import { dropSpace } from '../routes/spaces/drop-space.ts'
import { listSpaces } from '../routes/spaces/list-spaces.ts'
import { pauseSpace } from '../routes/spaces/pause-space.ts'
import { resumeSpace } from '../routes/spaces/resume-space.ts'
import { rollBackSpace } from '../routes/spaces/roll-back-space.ts'
import { useSpace } from '../routes/spaces/use-space.ts'

export const modelHandlers = {
  listModels,
  pullModel,
  useModel,
  importModel,
  measureModel,
  tryModel,
  removeModel,
  listSpaces,
  useSpace,
  rollBackSpace,
  pauseSpace,
  resumeSpace,
  dropSpace,
} satisfies HandlersOf<typeof MODEL_ROUTES>
