/** @file Descriptions by models, and comparisons of two of them. */
import { z } from 'zod'
import {
  ComparisonDetail,
  ComparisonReport,
  ComparisonRequest,
  DescribeEstimate,
  DescribeReport,
  DescribeRunRequest,
  DescriberAsk,
  DescriberReport,
  DescribeUse,
  TextEmbeddingReport,
} from '../describe.ts'
import { byId, type Route } from './route.ts'

export const DESCRIBE_ROUTES = {
  getDescribe: { method: 'GET', path: '/api/describe', tag: 'describe', access: 'member', summary: 'Which model describes pictures, what leaves this machine, what was spent, what could be chosen', answer: DescribeReport },
  useDescriber: { method: 'POST', path: '/api/describe/use', tag: 'describe', access: 'owner', summary: 'Switch a describer on by name (null: off), choose its photos and limits', body: DescribeUse, answer: DescribeReport },
  askDescriber: { method: 'POST', path: '/api/describe/ask', tag: 'describe', access: 'owner', summary: 'Ask a describer’s servers whether the model is there; no picture is sent', limit: 'model', body: DescriberAsk, answer: DescriberReport },
  pauseDescribe: { method: 'POST', path: '/api/describe/pause', tag: 'describe', access: 'owner', summary: 'Begin no further description', answer: DescribeReport },
  resumeDescribe: { method: 'POST', path: '/api/describe/resume', tag: 'describe', access: 'owner', summary: 'Go on, now', answer: DescribeReport },
  cancelDescribe: { method: 'POST', path: '/api/describe/cancel', tag: 'describe', access: 'owner', summary: 'Forget what waits to be described; what was described stays', answer: DescribeReport },
  runDescribe: { method: 'POST', path: '/api/describe/run', tag: 'describe', access: 'member', summary: 'Describe chosen photos now, within a budget; or only count and estimate', body: DescribeRunRequest.prefault({}), answer: DescribeEstimate },
  getTextEmbedding: { method: 'GET', path: '/api/text-embedding', tag: 'describe', access: 'member', summary: 'Whether descriptions are embedded for search by meaning, by which server, and how far', answer: TextEmbeddingReport },
  listComparisons: { method: 'GET', path: '/api/comparisons', tag: 'describe', access: 'member', summary: 'Comparisons of two describers, newest first', answer: z.object({ comparisons: z.array(ComparisonReport) }) },
  startComparison: { method: 'POST', path: '/api/comparisons', tag: 'describe', access: 'member', summary: 'Ask two describers about the same photos', body: ComparisonRequest, answer: ComparisonReport },
  getComparison: { method: 'GET', path: '/api/comparisons/:id', tag: 'describe', access: 'member', summary: 'What both said, photo by photo', params: byId, answer: ComparisonDetail },
  cancelComparison: { method: 'POST', path: '/api/comparisons/:id/cancel', tag: 'describe', access: 'member', summary: 'Stop a comparison; what was said stays', params: byId, answer: ComparisonReport },
} as const satisfies Record<string, Route> // biome-ignore format: a table
