/** @file Says in a sentence what a scan could not look at. */
import type { WalkNotes } from './walk.ts'

/** null when there is nothing to say */
export function describeNotes(notes: Pick<WalkNotes, 'unreadable' | 'unnameable'>): string | null {
  const parts: string[] = []
  const { unreadable, unnameable } = notes
  if (unreadable.length > 0)
    parts.push(
      `${unreadable.length} ${unreadable.length === 1 ? 'file or folder' : 'files or folders'} cannot be read (${first(unreadable)}): check permissions`,
    )
  if (unnameable.length > 0)
    parts.push(
      `${unnameable.length} ${unnameable.length === 1 ? 'name is' : 'names are'} not valid UTF-8 (${first(unnameable)}): rename them to have them taken`,
    )
  return parts.length > 0 ? parts.join('; ') : null
}

function first(paths: readonly string[]): string {
  const [path = ''] = paths
  return `${path === '' ? 'the folder itself' : JSON.stringify(path)}${paths.length > 1 ? ', …' : ''}`
}
