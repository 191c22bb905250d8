/** @file Models and the spaces they fill. */
import { z } from 'zod'
import { CatalogueModel, SpaceReport } from '../library.ts'
import { TryAnswer, TryRequest } from '../try-out.ts'
import { byId, type Route } from './route.ts'

const ModelName = z.string().min(1).max(200)
const AcceptLicence = z.boolean().default(false).describe('true: the terms of the model were read and accepted')
const AcceptChanged = z.boolean().default(false).describe('true: accept what the hub has now, although it differs from the first download')

export const MODEL_ROUTES = {
  listModels: {
    method: 'GET',
    path: '/api/models',
    tag: 'models',
    access: 'see',
    summary: 'List the models of the catalogue and those installed',
    answer: z.object({ models: z.array(CatalogueModel) }),
  },
  pullModel: {
    method: 'POST',
    path: '/api/models/pull',
    tag: 'models',
    access: 'own',
    summary: 'Start or continue the download of a model',
    body: z.object({ name: ModelName.optional(), accept_licence: AcceptLicence, accept_changed: AcceptChanged }),
    answer: CatalogueModel,
  },
  useModel: {
    method: 'POST',
    path: '/api/models/use',
    tag: 'models',
    access: 'own',
    summary: 'Use an installed model: at once for faces and for the first model of search by meaning, otherwise once its space is full',
    body: z.object({ name: ModelName }),
    answer: CatalogueModel,
  },
  importModel: {
    method: 'POST',
    path: '/api/models/import',
    tag: 'models',
    access: 'own',
    summary: 'Install a model from a folder of this machine',
    body: z.object({ path: z.string().min(1).max(4096), name: ModelName.optional(), accept_licence: AcceptLicence }),
    answer: CatalogueModel,
  },
  measureModel: {
    method: 'POST',
    path: '/api/models/measure',
    tag: 'models',
    access: 'own',
    summary: 'Measure the speed of an installed model on this machine',
    limit: 'model',
    body: z.object({ name: ModelName }),
    answer: CatalogueModel,
  },
  tryModel: {
    method: 'POST',
    path: '/api/models/:name/try',
    tag: 'models',
    access: 'own',
    summary: 'Try a model on one photo; nothing is stored',
    limit: 'model',
    params: z.object({ name: ModelName }),
    body: TryRequest,
    answer: TryAnswer,
  },
  removeModel: {
    method: 'DELETE',
    path: '/api/models/:name',
    tag: 'models',
    access: 'own',
    summary: 'Delete the files of a model that is not in use',
    params: z.object({ name: ModelName }),
    answer: z.object({ deleted: z.string() }),
  },
  listSpaces: {
    method: 'GET',
    path: '/api/spaces',
    tag: 'models',
    access: 'see',
    summary: 'List embedding spaces: which one answers searches, which is being filled, and how far',
    answer: z.object({ spaces: z.array(SpaceReport) }),
  },
  useSpace: {
    method: 'POST',
    path: '/api/spaces/:id/use',
    tag: 'models',
    access: 'own',
    summary: 'Search this space now, full or not',
    params: byId,
    answer: SpaceReport,
  },
  rollBackSpace: {
    method: 'POST',
    path: '/api/spaces/roll-back',
    tag: 'models',
    access: 'own',
    summary: 'Return to the space that answered before',
    answer: SpaceReport,
  },
  pauseSpace: {
    method: 'POST',
    path: '/api/spaces/:id/pause',
    tag: 'models',
    access: 'own',
    summary: 'Pause filling a space',
    params: byId,
    answer: SpaceReport,
  },
  resumeSpace: {
    method: 'POST',
    path: '/api/spaces/:id/resume',
    tag: 'models',
    access: 'own',
    summary: 'Resume filling a space; failed photos are retried',
    params: byId,
    answer: SpaceReport,
  },
  dropSpace: {
    method: 'DELETE',
    path: '/api/spaces/:id',
    tag: 'models',
    access: 'own',
    summary: 'Delete the vectors of a space that does not answer searches',
    params: byId,
    answer: z.object({ dropped: z.string() }),
  },
} as const satisfies Record<string, Route>
