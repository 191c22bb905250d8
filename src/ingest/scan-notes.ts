/** @file What a scan could not look at, as messages. */
import { type Message, message } from '../contract/messages/message.ts'
import type { Skipped, WalkNotes } from './walk.ts'

/** Of many links or paths, so many are named. */
const NAMED = 3

/** Links that were not followed. */
export function noteSkippedLinks({ outside, pseudo }: Pick<WalkNotes, 'outside' | 'pseudo'>): Message[] {
  const notes: Message[] = []
  if (outside.count > 0) notes.push(message('folder.links-outside', nameSome(outside)))
  if (pseudo.count > 0) notes.push(message('folder.kernel-paths', nameSome(pseudo)))
  return notes
}

/** What else a scan could not look at. */
export function noteUnreadable({ unreadable, unnameable }: Pick<WalkNotes, 'unreadable' | 'unnameable'>): Message[] {
  const notes: Message[] = []
  if (unreadable.length > 0) notes.push(message('folder.unreadable', { count: unreadable.length, first: unreadable[0] ?? '' }))
  if (unnameable.length > 0) notes.push(message('folder.bad-names', { count: unnameable.length, first: unnameable[0] ?? '' }))
  return notes
}

const nameSome = ({ count, examples }: Skipped) => ({
  count,
  examples: examples.slice(0, NAMED).map(({ path, target }) => ({ path, target })),
})
