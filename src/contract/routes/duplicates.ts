/** @file Sets of duplicates and what is decided of them. */
import { z } from 'zod'
import {
  ApplyRequest,
  Decision,
  DecisionReport,
  DuplicateSetReport,
  DuplicatesAnswer,
  DuplicatesOverview,
  DuplicatesQuery,
  KeepRules,
} from '../duplicates.ts'
import { byId, type Route } from './route.ts'

export const DUPLICATE_ROUTES = {
  getDuplicates: { method: 'GET', path: '/api/duplicates', tag: 'groups', access: 'member', summary: 'Kinds of duplicates, and how many sets of each are to be decided', answer: DuplicatesOverview },
  listDuplicateSets: { method: 'GET', path: '/api/duplicates/sets', tag: 'groups', access: 'member', summary: 'Sets to be decided, a page by id, with the photo the rules keep and why', query: DuplicatesQuery, answer: DuplicatesAnswer },
  getDuplicateSet: { method: 'GET', path: '/api/duplicates/sets/:id', tag: 'groups', access: 'member', summary: 'One set', params: byId, answer: DuplicateSetReport },
  decideDuplicateSet: { method: 'POST', path: '/api/duplicates/sets/:id', tag: 'groups', access: 'member', summary: 'Decide one set; `edit` of the answer can be undone', params: byId, body: Decision, answer: DecisionReport },
  applyDuplicates: { method: 'POST', path: '/api/duplicates/apply', tag: 'groups', access: 'member', summary: 'Accept what the rules suggest for many sets, or only say what would happen', body: ApplyRequest, answer: DecisionReport },
  getKeepRules: { method: 'GET', path: '/api/duplicates/rules', tag: 'groups', access: 'member', summary: 'The rules of keeping, in the order they are asked', answer: KeepRules },
  setKeepRules: { method: 'POST', path: '/api/duplicates/rules', tag: 'groups', access: 'member', summary: 'Set the order of the rules', body: KeepRules, answer: KeepRules },
  compareDuplicates: { method: 'POST', path: '/api/duplicates/compare', tag: 'groups', access: 'member', summary: 'Compare all photos with each other again, in the background', body: z.object({}).optional(), answer: DuplicatesOverview },
} as const satisfies Record<string, Route> // biome-ignore format: a table
