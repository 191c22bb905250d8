/** @file The contract as an OpenAPI 3.1 document, and the two pages that show it. Everything is served from here, nothing from a CDN. */
import { createRequire } from 'node:module'
import swagger from '@fastify/swagger'
import swaggerUi from '@fastify/swagger-ui'
import type { FastifyInstance, FastifySchema } from 'fastify'
import { createJsonSchemaTransform, createJsonSchemaTransformObject } from 'fastify-type-provider-zod'
import { z } from 'zod'
import packageFile from '../../package.json' with { type: 'json' }
import { AlbumChange, AlbumReport, PhotoChoice } from '../contract/albums.ts'
import { BackupReport, LastBackup } from '../contract/backup.ts'
import { ClusterReport, ClusterState } from '../contract/clusters.ts'
import { ComparisonReport, DescribeReport, DescribeRun, DescriberReport } from '../contract/describe.ts'
import { PhotoA, SearchA, UploadA } from '../contract/described.ts'
import { DeletedImageD } from '../contract/described-products.ts'
import { DescriptionReport } from '../contract/description.ts'
import { DecisionReport, DuplicateSetReport, DuplicatesOverview, KeepRules } from '../contract/duplicates.ts'
import { EditReport } from '../contract/edits.ts'
import { CHANGE_TOPICS } from '../contract/events.ts'
import { FailureGroup } from '../contract/failures.ts'
import { GeneratedImage, Generation, GenerationBudget } from '../contract/generate.ts'
import {
  CatalogueModel,
  CategoryCount,
  Health,
  Progress,
  ScanReport,
  SourceReport,
  SpaceReport,
  Stats,
  UploadResult,
} from '../contract/library.ts'
import { PeopleActionReport, PersonFace, PersonReport } from '../contract/people.ts'
import { BoxSchema, PhotoCard, PhotoDetail, PointSchema } from '../contract/photo.ts'
import { Product, ProductPicture } from '../contract/products.ts'
import { RebuildReport } from '../contract/rebuild.ts'
import { type BytesAnswer, Problem, type Route } from '../contract/routes/route.ts'
import { ROUTES } from '../contract/routes.ts'
import { FacetsAnswer, FacetsQuery, MatchReason, NearWord, SearchAnswer, SearchHit, SuggestAnswer } from '../contract/search.ts'
import { SearchFilters } from '../contract/search-filters.ts'
import { VerifyReport } from '../contract/verify.ts'
import { VocabularyChange } from '../contract/vocabulary.ts'
import { sendFile } from './send-file.ts'
import { toStrict } from './strict.ts'
import { mayBeEmpty } from './take-empty-body.ts'

/** Schemas that are used in several places, and the chief answers: components with a name of their own. */
const ANSWERED = {
  Problem,
  PhotoCard,
  PhotoDetail,
  Box: BoxSchema,
  Point: PointSchema,
  SearchAnswer,
  SearchHit,
  MatchReason,
  NearWord,
  FacetsAnswer,
  SuggestAnswer,
  CategoryCount,
  Stats,
  Health,
  Progress,
  SourceReport,
  ScanReport,
  CatalogueModel,
  SpaceReport,
  UploadResult,
  VerifyReport,
  RebuildReport,
  BackupReport,
  LastBackup,
  EditReport,
  VocabularyChange,
  FailureGroup,
  AlbumReport,
  AlbumChange,
  ClusterReport,
  ClusterState,
  DuplicatesOverview,
  DuplicateSetReport,
  DecisionReport,
  KeepRules,
  PersonReport,
  PersonFace,
  PeopleActionReport,
  DescribeReport,
  DescribeRun,
  DescriberReport,
  DescriptionReport,
  ComparisonReport,
  PhotoA,
  SearchA,
  UploadA,
  DeletedImageD,
  Product,
  ProductPicture,
  Generation,
  GeneratedImage,
  GenerationBudget,
}
const TAKEN = { FacetsQuery, PhotoChoice, SearchFilters }

const TAGS: Readonly<Record<Route['tag'], string>> = {
  photos: 'Photos, their pictures, and everything known about them',
  search: 'Search',
  groups: 'People, duplicates, topics, albums, trips',
  edits: 'Edits by people: tags, texts, ratings, categories; with history and undo',
  products: 'Product pictures: stores, products, readiness, generation',
  library: 'Sources, progress, health, background work, backup',
  models: 'Models that analyse pictures, and embedding spaces',
  describe: 'Models that describe pictures in words: choice, what leaves this machine, cost',
  access: 'Browsers that are signed in',
  'described systems': 'The library at the paths of the systems it replaces',
}

/** The part of a route’s entry that Fastify validates with and the document shows. */
export function toRouteSchema(name: string, route: Route): FastifySchema {
  const takes = (schema: z.ZodType) => (route.lenient ? schema : toStrict(schema))
  return {
    operationId: name,
    tags: [route.tag],
    summary: route.summary,
    ...(route.params ? { params: route.params } : {}),
    querystring: spreadOut(takes(route.query ?? NO_FIELDS)),
    ...(route.upload || route.method === 'GET' || (route.method === 'DELETE' && !route.body)
      ? {}
      : { body: takes(route.body ?? NO_FIELDS.nullish()) }),
    ...(route.access === 'anyone' ? { security: [] } : {}),
    response: {
      ...(typeof route.answer === 'string' ? {} : { 200: route.answer }),
      '4xx': Problem,
      '5xx': Problem,
    },
  } as FastifySchema
}

/** A query is parameters in the document, never the component that its schema may be elsewhere. */
const spreadOut = (query: z.ZodType) => z.core.clone(query, query.def)

/** Of a route that reads no query, or no body. */
const NO_FIELDS = z.object({})

/** Call before the routes are declared. */
export async function addOpenApi(app: FastifyInstance): Promise<void> {
  const schemaRegistry = z.registry<{ id: string }>()
  for (const [id, schema] of Object.entries(ANSWERED)) schemaRegistry.add(schema, { id })
  for (const [id, schema] of Object.entries(TAKEN)) schemaRegistry.add(toStrict(schema), { id })
  const options = { schemaRegistry, zodToJsonConfig: { override: complete } }
  const toObject = createJsonSchemaTransformObject(options)
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: { title: 'fototeca', version: packageFile.version, description: DESCRIPTION, license: { name: 'MIT' } },
      tags: Object.entries(TAGS).map(([name, description]) => ({ name, description })),
      components: { securitySchemes: { token: { type: 'http', scheme: 'bearer', description: 'FOTOTECA_TOKEN, if set' } } },
      security: [{ token: [] }, {}],
    },
    transform: createJsonSchemaTransform(options),
    transformObject: (document) => nameOnce(describeRest(toObject(document) as OpenApiObject)) as ReturnType<typeof toObject>,
  })
  app.get('/openapi.json', { schema: { hide: true } }, async () => app.swagger())
  await app.register(swaggerUi, {
    routePrefix: '/docs',
    uiConfig: { deepLinking: true, displayRequestDuration: true },
    // its scripts are files; inline styles it cannot do without
    staticCSP:
      "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; base-uri 'none'; object-src 'none'; frame-ancestors 'none'",
  })
  addRedoc(app)
}

const DESCRIPTION =
  'A self-hosted image library that understands pictures. Errors are `{ "detail": "…", "code": "…" }`. If FOTOTECA_TOKEN is set, every route except /live requires it as a Bearer token.'

/** ReDoc styles its page by inline styles and searches in a blob worker; it may talk to nobody but us. */
const REDOC_CSP =
  "default-src 'none'; script-src 'self'; style-src 'unsafe-inline'; img-src 'self' data:; connect-src 'self'; worker-src blob:; base-uri 'none'; frame-ancestors 'none'"

function addRedoc(app: FastifyInstance): void {
  const bundle = createRequire(import.meta.url).resolve('redoc/bundles/redoc.standalone.js')
  app.get('/redoc', { schema: { hide: true } }, async (_request, reply) =>
    reply
      .headers({ 'content-security-policy': REDOC_CSP, 'cache-control': 'no-cache' })
      .type('text/html; charset=utf-8')
      .send(
        '<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>fototeca API</title></head><body><redoc spec-url="/openapi.json"></redoc><script src="/redoc/redoc.standalone.js"></script></body></html>',
      ),
  )
  app.get('/redoc/redoc.standalone.js', { schema: { hide: true } }, async (request, reply) => {
    const sent = await sendFile(request, reply, { path: bundle, type: 'text/javascript; charset=utf-8', cacheControl: 'no-cache' })
    return sent ? reply : reply.callNotFound()
  })
}

interface Operation {
  parameters?: unknown[]
  requestBody?: { required?: boolean; content?: Record<string, unknown> }
  responses: Record<string, object>
}
interface OpenApiObject {
  paths?: Record<string, Record<string, Operation>>
  components?: { schemas?: Record<string, object> }
}

/**
 * Descriptions are in zod's global registry, which the registry of component names takes the place of. Bounds of every whole number are
 * left out: JavaScript can count no further.
 */
function complete({ zodSchema, jsonSchema }: { zodSchema: z.core.$ZodType; jsonSchema: z.core.JSONSchema.BaseSchema }): void {
  if (jsonSchema.minimum === Number.MIN_SAFE_INTEGER) delete jsonSchema.minimum
  if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum
  const description = z.globalRegistry.get(zodSchema)?.description
  if (description !== undefined) jsonSchema.description = description
}

/** The plugin gives each schema two components, `X` as it is answered and `XInput` as it is taken: of these the one that is used stays, as `X`. */
function nameOnce(document: OpenApiObject): OpenApiObject {
  const all = document.components?.schemas ?? {}
  const used = new Set<string>()
  const find = (part: unknown): void => {
    for (const [, name = ''] of JSON.stringify(part).matchAll(/"#\/components\/schemas\/(\w+)"/g)) {
      if (used.has(name)) continue
      used.add(name)
      find(all[name])
    }
  }
  find(document.paths ?? {})
  const twice = Object.keys(TAKEN).filter((name) => used.has(name))
  if (twice.length > 0) throw new Error(`taken and answered: ${twice.join(', ')}; what is answered needs a name of its own`)
  const schemas = Object.fromEntries(Object.entries(all).filter(([name]) => used.has(name)))
  const text = JSON.stringify({ ...document, components: { ...document.components, schemas } })
  return JSON.parse(text.replaceAll(TAKEN_NAME, '$1'))
}
const TAKEN_NAME = new RegExp(`\\b(${Object.keys(TAKEN).join('|')})Input\\b`, 'g')

/** Says what no zod schema can: bodies that may be left out, multipart, headers, pictures as answers, the page on negotiated paths. */
function describeRest(document: OpenApiObject): OpenApiObject {
  for (const route of Object.values<Route>(ROUTES)) {
    const operation = document.paths?.[route.path.replace(/:(\w+)/g, '{$1}').replace('*', '{*}')]?.[route.method.toLowerCase()]
    if (!operation) continue
    for (const [status, description] of Object.entries(ANSWERS)) {
      const answer = operation.responses[status]
      if (answer) operation.responses[status] = { ...answer, description }
    }
    if (route.upload) operation.requestBody = MULTIPART
    else if (!route.body) delete operation.requestBody
    else if (route.form) Object.assign(operation.requestBody?.content ?? {}, formOf(operation.requestBody))
    if (operation.requestBody && mayBeEmpty(route)) operation.requestBody.required = false
    if (route.ifMatch)
      operation.parameters = [...(operation.parameters ?? []), { in: 'header', name: 'If-Match', schema: TAG, description: route.ifMatch }]
    if (route.limit) operation.responses[429] = { ...operation.responses['4XX'], description: TOO_MANY, headers: RETRY_AFTER }
    if (route.ifMatch) operation.responses[412] = { ...operation.responses['4XX'], description: 'Changed since it was read' }
    if (typeof route.answer === 'string') operation.responses[200] = BYTES[route.answer]
    if (route.tagged)
      operation.responses[200] = { ...operation.responses[200], headers: { ETag: { schema: TAG, description: route.tagged } } }
    if (route.page) {
      const { content } = operation.responses[200] as { content: Record<string, unknown> }
      content['text/html'] = { schema: { type: 'string', description: 'the page, if `Accept` prefers text/html' } }
    }
  }
  return document
}

const ANSWERS = { 200: 'Done', '4XX': 'Refused: `detail` says why', '5XX': 'Failed: `detail` says what is wrong' }

/** The same fields, as a form. */
const formOf = (body: Operation['requestBody']) => ({ 'multipart/form-data': body?.content?.['application/json'] })

const TOO_MANY = 'Too many requests of this kind are running and waiting'
const RETRY_AFTER = { 'Retry-After': { schema: { type: 'integer' }, description: 'seconds to wait before trying again' } }
const TAG = { type: 'string', examples: ['"3"'] }
const MULTIPART = {
  required: true,
  content: {
    'multipart/form-data': {
      schema: { type: 'object', required: ['file'], properties: { file: { type: 'array', items: { type: 'string', format: 'binary' } } } },
    },
  },
}
const bytesOf = (description: string, ...types: string[]) => ({
  description,
  content: Object.fromEntries(types.map((type) => [type, { schema: { type: 'string', format: 'binary' } }])),
})
const BYTES: Readonly<Record<BytesAnswer, object>> = {
  picture: bytesOf('the picture', 'image/webp'),
  file: bytesOf('the original, or a copy with metadata, as a download', 'application/octet-stream'),
  zip: bytesOf('the ZIP', 'application/zip'),
  events: bytesOf(`events \`changed\` with the data \`{"topics": […]}\`: ${CHANGE_TOPICS.join(', ')}`, 'text/event-stream'),
  export: bytesOf('the ZIP, or the rows; ranges are supported', 'application/zip', 'text/csv', 'application/json'),
}
