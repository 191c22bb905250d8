/** @file How folders lie in one another, as a scan sees it: what hidden and system folders hold is in no folder around them. Pure. */
import { relative, sep } from 'node:path'
import { isSystemName } from './walk.ts'

/** The way from `outer` to `inner`, `/` between parts, `''` for the same folder; undefined where a scan of `outer` never comes to `inner`. */
export function pathWithin(outer: string, inner: string): string | undefined {
  if (inner !== outer && !inner.startsWith(outer.endsWith(sep) ? outer : outer + sep)) return undefined
  const parts = relative(outer, inner).split(sep)
  return parts.some((part) => part !== '' && isSystemName(part)) ? undefined : parts.join('/')
}
