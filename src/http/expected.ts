/** @file What a schema takes at a path, for the sentence that refuses something else. */
import { z } from 'zod'
import type { Expected } from '../contract/messages/expected.ts'

const ANYTHING: Expected = { kind: 'anything' }

/** @param path as an issue of zod has it */
export function expectedAt(schema: z.ZodType, path: readonly PropertyKey[]): Expected {
  let found: readonly z.ZodType[] = [schema]
  for (const key of path) found = found.flatMap((one) => step(unwrap(one), key))
  return anyOf(found.map(expectedOf))
}

/** Into an object, a list, or whatever choices of a union have such a field. */
function step(schema: z.ZodType, key: PropertyKey): z.ZodType[] {
  if (schema instanceof z.ZodObject) return schema.shape[key as string] === undefined ? [] : [schema.shape[key as string] as z.ZodType]
  if (schema instanceof z.ZodArray) return [schema.element as z.ZodType]
  if (schema instanceof z.ZodNullable) return step(unwrap(schema.unwrap() as z.ZodType), key)
  if (schema instanceof z.ZodUnion) return (schema.options as z.ZodType[]).flatMap((option) => step(unwrap(option), key))
  if (schema instanceof z.ZodRecord) return [schema.valueType as z.ZodType]
  return []
}

/** Without what only says that it may be left out, or how it is read. */
function unwrap(schema: z.ZodType): z.ZodType {
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodDefault || schema instanceof z.ZodPrefault)
    return unwrap(schema.unwrap() as z.ZodType)
  // `preprocess` reads first and is checked then; `transform` is checked first
  if (schema instanceof z.ZodPipe) return unwrap((schema.in instanceof z.ZodTransform ? schema.out : schema.in) as z.ZodType)
  return schema
}

function expectedOf(given: z.ZodType): Expected {
  const schema = unwrap(given)
  if (schema instanceof z.ZodNullable) return anyOf([expectedOf(schema.unwrap() as z.ZodType), { kind: 'null' }])
  if (schema instanceof z.ZodNumber) return { kind: schema.isInt ? 'whole number' : 'number' }
  if (schema instanceof z.ZodString || schema instanceof z.ZodStringFormat) return { kind: schema.format === 'date' ? 'day' : 'text' }
  if (schema instanceof z.ZodBoolean) return { kind: 'flag' }
  if (schema instanceof z.ZodEnum) return { kind: 'values', values: schema.options }
  if (schema instanceof z.ZodLiteral) return { kind: 'values', values: [...schema.values] as string[] }
  if (schema instanceof z.ZodArray) return { kind: 'list', of: expectedOf(schema.element as z.ZodType) }
  if (schema instanceof z.ZodUnion) return anyOf((schema.options as z.ZodType[]).map(expectedOf))
  if (schema instanceof z.ZodObject) {
    const needed = Object.entries(schema.shape).filter(([, field]) => !(field as z.ZodType).safeParse(undefined).success)
    return { kind: 'object', fields: needed.map(([name]) => name) }
  }
  return schema instanceof z.ZodRecord ? { kind: 'object', fields: [] } : ANYTHING
}

/** Choices told once, and all values as one list. */
function anyOf(given: readonly Expected[]): Expected {
  const flat = given.flatMap((one) => (one.kind === 'any' ? one.of : [one]))
  const values = [...new Set(flat.flatMap((one) => (one.kind === 'values' ? one.values : [])))]
  const others = new Map(flat.filter(({ kind }) => kind !== 'values').map((one) => [JSON.stringify(one), one]))
  const choices: Expected[] = [...(values.length === 0 ? [] : [{ kind: 'values', values } as const]), ...others.values()]
  const [first = ANYTHING] = choices
  return choices.length > 1 ? { kind: 'any', of: choices } : first
}
