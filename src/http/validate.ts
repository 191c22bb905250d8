/** @file Holds requests against the schemas of the contract, and says of what is wrong: which field, and what it must be. */
import type { FastifySchemaCompiler } from 'fastify'
import type { z } from 'zod'
import { type Message, message, textMessage } from '../contract/messages/message.ts'
import { FototecaError } from '../domain/errors.ts'
import { expectedAt } from './expected.ts'

/** For Fastify: the parts of a request by the schemas of its route. */
export const validatorCompiler: FastifySchemaCompiler<z.ZodType> =
  ({ schema, httpPart }) =>
  (value) => {
    const { success, data, error } = schema.safeParse(value)
    return success ? { value: data } : { error: refuse(schema, value, error, httpPart ?? 'request') }
  }

/** What came otherwise, e.g. as fields of a form. @throws FototecaError `invalid` */
export function readValid<S extends z.ZodType>(schema: S, value: unknown): z.output<S> {
  const { success, data, error } = schema.safeParse(value)
  if (success) return data
  throw refuse(schema, value, error, 'request')
}

type Issue = z.core.$ZodIssue

const MAX_TOLD = 5

function refuse(schema: z.ZodType, value: unknown, error: z.ZodError, part: string): FototecaError {
  // a single value stands for a list with it, so a number may lead to nothing
  const isMissing = ({ path }: Issue) => typeof path.at(-1) !== 'number' && valueAt(value, path) === undefined
  const issues = error.issues.flatMap((issue) => findCause(issue, isMissing))
  // a misspelt field is why another one is missing: it is told first
  const isUnknown = ({ code }: Issue) => code === 'unrecognized_keys'
  const told = [...issues.filter(isUnknown), ...issues.filter((issue) => !isUnknown(issue))].slice(0, MAX_TOLD)
  const fields = told.map((issue) => {
    const path = issue.path.map(String)
    const names = issue.code === 'unrecognized_keys' ? issue.keys.slice(0, 5).map((key) => [...path, key].join('.')) : [path.join('.')]
    const problem = isMissing(issue) ? message('field.missing') : sayIssue(issue, schema)
    return { field: (names.join(', ') || part).slice(0, 100), problem }
  })
  return new FototecaError('invalid', message('request.invalid', { fields }))
}

const valueAt = (value: unknown, path: readonly PropertyKey[]): unknown =>
  path.reduce<unknown>((inner, key) => (typeof inner === 'object' && inner !== null ? Reflect.get(inner, key) : undefined), value)

/** Of a choice: what is wrong with the one that was meant, where that can be told; else the choice itself. */
function findCause(issue: Issue, isMissing: (issue: Issue) => boolean): Issue[] {
  if (issue.code !== 'invalid_union') return [issue]
  const options = issue.errors.map((said) => said.map((one): Issue => ({ ...one, path: [...issue.path, ...one.path] })))
  const isHere = ({ path }: Issue) => path.length === issue.path.length
  // those that are of another kind altogether were not meant
  const meant = options.filter((said) => !said.some((one) => isHere(one) && one.code !== 'unrecognized_keys'))
  const unknown = meant.map((said) => said.flatMap((one) => (one.code === 'unrecognized_keys' && isHere(one) ? one : [])))
  const keys = unknown.map((said) => said.flatMap((one) => one.keys))
  const inAll = keys[0]?.filter((key) => keys.every((others) => others.includes(key))) ?? []
  if (inAll.length > 0) {
    const messages = unknown.flat().map((one) => one.message)
    const text = messages.find((one) => one.endsWith('?')) ?? messages[0] ?? ''
    return [{ code: 'unrecognized_keys', keys: inAll, path: issue.path, message: text }]
  }
  // each of the fields is known, but not with the others
  if (keys.length > 1 && keys.every(({ length }, at) => length > 0 && meant[at]?.length === unknown[at]?.length))
    return [{ code: 'unrecognized_keys', keys: [...new Set(keys.flat())], path: issue.path, message: APART }]
  const off = (said: readonly Issue[]) => said.filter((one) => one.code === 'unrecognized_keys' || isMissing(one)).length
  const [nearest, next] = meant.toSorted((a, b) => off(a) - off(b))
  const isClear = nearest !== undefined && (next === undefined || off(nearest) < off(next))
  return isClear ? nearest.flatMap((one) => findCause(one, isMissing)) : [issue]
}

const APART = 'apart'
const COUNTED: Readonly<Record<string, 'characters' | 'items'>> = { string: 'characters', array: 'items' }

/** zod’s words are a programmer’s (`expected number, received NaN`); a schema’s own sentence stands. */
function sayIssue(issue: Issue, schema: z.ZodType): Message {
  const { message: text } = issue
  if (text === APART) return message('field.apart')
  if (issue.code === 'too_big' || issue.code === 'too_small') return sayBound(issue)
  if (text.startsWith('Invalid ')) return message('field.type', { expected: expectedAt(schema, issue.path) })
  return textMessage(text)
}

function sayBound(issue: Extract<Issue, { code: 'too_big' | 'too_small' }>): Message {
  if (!/^Too (small|big): /.test(issue.message)) return textMessage(issue.message)
  const isMost = issue.code === 'too_big'
  const limit = isMost ? issue.maximum : issue.minimum
  const bound = { bound: typeof limit === 'number' ? limit : String(limit), of: COUNTED[issue.origin] ?? null }
  if (issue.inclusive === false) return message(isMost ? 'field.less-than' : 'field.more-than', bound)
  if (!isMost && bound.of === 'characters' && bound.bound === 1) return message('field.empty')
  return message(isMost ? 'field.at-most' : 'field.at-least', bound)
}
