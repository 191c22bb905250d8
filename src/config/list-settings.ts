/** @file The settings in words, for error messages, `--help` and the reference page: all from the one table. */
import type { z } from 'zod'
import { SETTINGS, type Setting } from './schema.ts'

export interface SettingLine {
  readonly env: string
  readonly aliases: readonly string[]
  readonly help: string
  /** the default as it would be written, or null */
  readonly fallback: string | null
  /** what is allowed, in words */
  readonly allows: string
}

export function listSettings(): SettingLine[] {
  return Object.values<Setting>(SETTINGS).map((setting) => ({
    env: setting.env,
    aliases: setting.aliases ?? [],
    help: setting.help,
    fallback: readDefault(setting.schema),
    allows: describeAllowed(setting.schema),
  }))
}

function readDefault(schema: z.ZodType): string | null {
  const parsed = schema.safeParse(undefined)
  // an empty table (prices) has no form in which it would be written
  if (!parsed.success || parsed.data === undefined || parsed.data instanceof Map) return null
  return String(parsed.data) || null
}

interface JsonSchema {
  readonly type?: string
  readonly enum?: readonly unknown[]
  readonly minimum?: number
  readonly maximum?: number
  readonly minLength?: number
  readonly format?: string
}

/** What a setting may be: `0–65535`, `auto, cpu, cuda`. */
export function describeAllowed(schema: z.ZodType): string {
  const json = schema.toJSONSchema({ io: 'input' }) as JsonSchema
  if (json.enum) return json.enum.map(String).join(', ')
  if (json.type === 'integer' || json.type === 'number') return `${json.minimum}–${json.maximum}`
  if (json.format === 'uri') return 'a URL'
  return json.minLength !== undefined && json.minLength > 1 ? `at least ${json.minLength} characters` : 'text'
}
