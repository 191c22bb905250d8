/** @file Says in a sentence what a scan could not look at. */

import { countOf } from '../domain/count-of.ts'
import type { Skipped, WalkNotes } from './walk.ts'

/** Links that were not followed. null when there are none */
export function describeSkipped({ outside, pseudo }: Pick<WalkNotes, 'outside' | 'pseudo'>): string | null {
  const parts: string[] = []
  if (outside.count > 0)
    parts.push(
      `${countOf(outside.count, 'link leads', 'links lead')} out of the folder and ${outside.count === 1 ? 'was' : 'were'} skipped (${name(outside)}): to follow ${outside.count === 1 ? 'it' : 'them'}, allow the target with --follow-links`,
    )
  if (pseudo.count > 0)
    parts.push(
      `${countOf(pseudo.count, 'path leads', 'paths lead')} into a file system of the kernel and ${pseudo.count === 1 ? 'was' : 'were'} skipped (${name(pseudo)})`,
    )
  return parts.length > 0 ? parts.join('; ') : null
}

/** What else a scan could not look at. null when there is nothing to say */
export function describeNotes(notes: Pick<WalkNotes, 'unreadable' | 'unnameable'>): string | null {
  const parts: string[] = []
  const { unreadable, unnameable } = notes
  if (unreadable.length > 0)
    parts.push(
      `${countOf(unreadable.length, 'file or folder', 'files or folders')} cannot be read (${first(unreadable)}): check permissions`,
    )
  if (unnameable.length > 0)
    parts.push(
      `${countOf(unnameable.length, 'name is', 'names are')} not valid UTF-8 (${first(unnameable)}): rename them to have them taken`,
    )
  return parts.length > 0 ? parts.join('; ') : null
}

function first(paths: readonly string[]): string {
  const [path = ''] = paths
  return `${path === '' ? 'the folder itself' : JSON.stringify(path)}${paths.length > 1 ? ', …' : ''}`
}

/** The first three, each with where it leads. */
function name({ count, examples }: Skipped): string {
  const named = examples.slice(0, 3).map(({ path, target }) => `${JSON.stringify(path)} → ${target}`)
  return `${named.join(', ')}${count > named.length ? ', …' : ''}`
}
