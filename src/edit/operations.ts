/** @file Operations as a person asks for them become targets: decisions to set and fields to reset, the later one winning. Pure. */
import type { Operation, Resettable } from '../contract/edits.ts'
import { type Message, message } from '../contract/messages/message.ts'
import type { DecisionField, Target } from '../db/tables/edits.ts'

const FIELD_OF: Readonly<Record<Resettable, DecisionField>> = {
  tags: 'tag',
  categories: 'category',
  title: 'title',
  caption: 'caption',
  alt_text: 'alt_text',
  rating: 'rating',
  favourite: 'favourite',
}

/** @param categoryId the id of a category by its name as given */
export function resolveTargets(operations: readonly Operation[], categoryId: (name: string) => number): Target[] {
  let targets: Target[] = []
  const set = (field: DecisionField, key: string, value: string | number | boolean | null) => {
    targets = targets.filter((target) => !('set' in target && target.set === field && target.key === key))
    targets.push({ set: field, key, value })
  }
  for (const operation of operations) {
    switch (operation.do) {
      case 'add_tags':
      case 'remove_tags':
        for (const tag of operation.tags) set('tag', tag, operation.do === 'add_tags')
        break
      case 'add_category':
      case 'remove_category':
        set('category', String(categoryId(operation.category)), operation.do === 'add_category')
        break
      case 'set_rating':
        set('rating', '', operation.rating)
        break
      case 'set_favourite':
        set('favourite', '', operation.favourite)
        break
      case 'set_text':
        set(operation.field, '', operation.text || null)
        break
      case 'trash':
        set('trash', '', true)
        break
      case 'restore':
        targets = targets.filter((target) => !('set' in target && target.set === 'trash'))
        targets.push({ reset: 'trash' })
        break
      case 'reset':
        for (const name of operation.fields) {
          const field = FIELD_OF[name]
          targets = targets.filter((target) => ('set' in target ? target.set : target.reset) !== field)
          targets.push({ reset: field })
        }
        break
    }
  }
  return targets
}

/** One line for the history and the undo toast: `added tags beach, sea; rated 5 of 5`. */
export function summarise(operations: readonly Operation[]): Message {
  const edits = operations.map(summariseOne)
  const [only, ...more] = edits
  return only !== undefined && more.length === 0 ? only : message('edit.several', { edits })
}

function summariseOne(operation: Operation): Message {
  switch (operation.do) {
    case 'add_tags':
      return message('edit.tags-added', { tags: operation.tags })
    case 'remove_tags':
      return message('edit.tags-removed', { tags: operation.tags })
    case 'add_category':
      return message('edit.category-added', { category: operation.category })
    case 'remove_category':
      return message('edit.category-removed', { category: operation.category })
    case 'set_rating':
      return operation.rating === null ? message('edit.rating-removed') : message('edit.rated', { rating: operation.rating })
    case 'set_favourite':
      return message(operation.favourite ? 'edit.favourite' : 'edit.no-favourite')
    case 'set_text':
      return message(operation.text ? 'edit.text-written' : 'edit.text-removed', { field: operation.field })
    case 'trash':
      return message('edit.trashed')
    case 'restore':
      return message('edit.restored')
    case 'reset':
      return message('edit.reset', { fields: operation.fields })
  }
}

/** Whether any of the targets is about one of these fields. */
export function concerns(targets: readonly Target[], ...fields: readonly DecisionField[]): boolean {
  return targets.some((target) => fields.includes('set' in target ? target.set : target.reset))
}
