/** @file Schemas of the contract as requests are held against them: a field they do not know is refused by name instead of dropped. */
import { z } from 'zod'
import { isMisspelt } from '../domain/search/words.ts'

const made = new WeakMap<z.ZodType, z.ZodType>()

/** The same schema with every object in it strict, at any depth. A schema that is used in several places stays one. */
export function toStrict<S extends z.ZodType>(schema: S): S {
  const before = made.get(schema)
  if (before) return before as S
  const strict = makeStrict(schema)
  made.set(schema, strict)
  return strict as S
}

function makeStrict(schema: z.ZodType): z.ZodType {
  // the same schema with other words beside it: in the document it refers to the component of the first
  const { parent } = schema._zod
  if (parent instanceof z.ZodType && parent.def === schema.def) return toStrict(parent).meta(schema.meta() ?? {})
  const changed = Object.entries(schema.def).flatMap(([key, part]) => {
    const strict = strictPart(part)
    return strict === part ? [] : [[key, strict] as const]
  })
  if (schema instanceof z.ZodObject) {
    const fields = Object.keys(schema.shape)
    const shape = Object.fromEntries(fields.map((name) => [name, toStrict(schema.shape[name])]))
    changed.push(['shape', shape], ['catchall', z.never()], ['error', (issue: z.core.$ZodRawIssue) => sayUnknown(issue, fields)])
  }
  if (changed.length === 0) return schema
  const strict = z.core.clone(schema, { ...schema.def, ...Object.fromEntries(changed) } as never)
  return strict.register(z.globalRegistry, schema.meta() ?? {})
}

function strictPart(part: unknown): unknown {
  if (part instanceof z.ZodType) return toStrict(part)
  if (!Array.isArray(part)) return part
  const strict = part.map(strictPart)
  return strict.every((one, at) => one === part[at]) ? part : strict
}

function sayUnknown(issue: z.core.$ZodRawIssue, fields: readonly string[]): string | undefined {
  if (issue.code !== 'unrecognized_keys') return undefined
  const { keys } = issue as z.core.$ZodIssueUnrecognizedKeys
  const meant = fields.filter((field) => keys.some((key) => isMisspelt(key.slice(0, 100), field)))
  return `unknown field${keys.length === 1 ? '' : 's'}${meant.length === 0 ? '' : `; did you mean ${meant.join(', ')}?`}`
}
