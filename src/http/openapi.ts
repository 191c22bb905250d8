/** @file The contract as an OpenAPI 3.1 document, and the two pages that show it. Everything is served from here, nothing from a CDN. */
import { createRequire } from 'node:module'
import swagger from '@fastify/swagger'
import swaggerUi from '@fastify/swagger-ui'
import type { FastifyInstance, FastifySchema } from 'fastify'
import { createJsonSchemaTransform, createJsonSchemaTransformObject } from 'fastify-type-provider-zod'
import { z } from 'zod'
import packageFile from '../../package.json' with { type: 'json' }
import { ComparisonReport, DescribeReport, DescribeRun } from '../contract/describe.ts'
import { PhotoA, SearchA, UploadA } from '../contract/described.ts'
import { DescriptionReport } from '../contract/description.ts'
import { EditReport } from '../contract/edits.ts'
import { FailureGroup } from '../contract/failures.ts'
import { CatalogueModel, Health, Progress, ScanReport, SourceReport, Stats, UploadResult } from '../contract/library.ts'
import { PhotoCard, PhotoDetail } from '../contract/photo.ts'
import { Product, ProductPicture } from '../contract/products.ts'
import { type BytesAnswer, Problem, type Route } from '../contract/routes/route.ts'
import { ROUTES } from '../contract/routes.ts'
import { FacetsAnswer, MatchReason, SearchAnswer, SearchHit, SuggestAnswer } from '../contract/search.ts'
import { sendFile } from './send-file.ts'
import { toStrict } from './strict.ts'
import { mayBeEmpty } from './take-empty-body.ts'

/** Schemas with a name of their own in the document. */
const NAMED = {
  Problem, PhotoCard, PhotoDetail, SearchAnswer, SearchHit, MatchReason, FacetsAnswer, SuggestAnswer, Stats, Health, Progress, SourceReport, ScanReport,
  CatalogueModel, UploadResult, EditReport, FailureGroup, DescribeReport, DescribeRun, DescriptionReport, ComparisonReport,
  PhotoA, SearchA, UploadA, Product, ProductPicture,
} // biome-ignore format: a list

const TAGS: Readonly<Record<Route['tag'], string>> = {
  photos: 'Photos, their pictures and everything known about them',
  search: 'Finding photos again',
  groups: 'People, duplicates, clusters, albums',
  edits: 'What persons change: tags, texts, ratings, categories; with history and undo',
  products: 'Product pictures: stores, products, readiness, generation',
  library: 'Where photos come from and where they stand',
  models: 'Models that read the pictures',
  describe: 'Models that describe pictures in words, here or elsewhere: what runs, what leaves this machine, what it costs',
  access: 'Browsers that are signed in',
  'described systems': 'The same library at the paths of the systems it replaces',
}

/** The part of a route’s entry that Fastify validates with and the document shows. */
export function toRouteSchema(name: string, route: Route): FastifySchema {
  const takes = (schema: z.ZodType) => (route.lenient ? schema : toStrict(schema))
  return {
    operationId: name,
    tags: [route.tag],
    summary: route.summary,
    ...(route.params ? { params: route.params } : {}),
    querystring: takes(route.query ?? NO_FIELDS),
    ...(route.upload || route.method === 'GET' || route.method === 'DELETE' ? {} : { body: takes(route.body ?? NO_FIELDS.nullish()) }),
    ...(route.open ? { security: [] } : {}),
    response: {
      ...(typeof route.answer === 'string' ? {} : { 200: route.answer.describe('done') }),
      '4xx': Problem,
      '5xx': Problem,
    },
  } as FastifySchema
}

/** Of a route that reads no query, or no body. */
const NO_FIELDS = z.object({})

/** Call before the routes are declared. */
export async function addOpenApi(app: FastifyInstance): Promise<void> {
  const schemaRegistry = z.registry<{ id: string }>()
  for (const [id, schema] of Object.entries(NAMED)) schemaRegistry.add(schema, { id })
  const toObject = createJsonSchemaTransformObject({ schemaRegistry })
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: { title: 'fototeca', version: packageFile.version, description: DESCRIPTION, license: { name: 'MIT' } },
      tags: Object.entries(TAGS).map(([name, description]) => ({ name, description })),
      components: { securitySchemes: { token: { type: 'http', scheme: 'bearer', description: 'FOTOTECA_TOKEN, where it is set' } } },
      security: [{ token: [] }, {}],
    },
    transform: createJsonSchemaTransform({ schemaRegistry }),
    transformObject: (document) => describeRest(toObject(document) as OpenApiObject) as ReturnType<typeof toObject>,
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
  'A self-hosted image library that understands pictures. Errors are `{ "detail": "…", "code": "…" }`. Where FOTOTECA_TOKEN is set, every route but /live wants it as a Bearer token.'

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
  requestBody?: { required?: boolean; content?: object }
  responses: Record<string, object>
}
interface OpenApiObject {
  paths?: Record<string, Record<string, Operation>>
}

/** Says what no zod schema can: bodies that may be left out, multipart, headers, pictures as answers, the page on negotiated paths. */
function describeRest(document: OpenApiObject): OpenApiObject {
  for (const route of Object.values<Route>(ROUTES)) {
    const operation = document.paths?.[route.path.replace(/:(\w+)/g, '{$1}').replace('*', '{*}')]?.[route.method.toLowerCase()]
    if (!operation) continue
    if (route.upload) operation.requestBody = MULTIPART
    else if (!route.body) delete operation.requestBody
    if (operation.requestBody && mayBeEmpty(route)) operation.requestBody.required = false
    if (route.ifMatch)
      operation.parameters = [...(operation.parameters ?? []), { in: 'header', name: 'If-Match', schema: TAG, description: route.ifMatch }]
    if (route.limit) operation.responses[429] = { ...operation.responses['4XX'], description: TOO_MANY, headers: RETRY_AFTER }
    if (route.ifMatch) operation.responses[412] = { ...operation.responses['4XX'], description: 'it was changed meanwhile' }
    if (typeof route.answer === 'string') operation.responses[200] = BYTES[route.answer]
    if (route.tagged)
      operation.responses[200] = { ...operation.responses[200], headers: { ETag: { schema: TAG, description: route.tagged } } }
    if (route.page) {
      const { content } = operation.responses[200] as { content: Record<string, unknown> }
      content['text/html'] = { schema: { type: 'string', description: 'the page, if Accept names text/html at top weight' } }
    }
  }
  return document
}

const TOO_MANY = 'too many requests of this kind run and wait'
const RETRY_AFTER = { 'Retry-After': { schema: { type: 'integer' }, description: 'seconds after which a place can be expected' } }
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
  file: bytesOf('the bytes as they came, as a download', 'application/octet-stream'),
  zip: bytesOf('the ZIP', 'application/zip'),
  export: bytesOf('the ZIP, or the rows; ranges are answered', 'application/zip', 'text/csv', 'application/json'),
}
