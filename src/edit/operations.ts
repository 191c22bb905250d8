/** @file Operations as a person asks for them become targets: decisions to set and fields to reset, the later one winning. Pure. */
import type { Operation, Resettable } from '../contract/edits.ts'
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

/** One line for the history and the undo toast: `added tags beach, sea; set rating 5`. */
export function summarise(operations: readonly Operation[]): string {
  return operations.map(summariseOne).join('; ').slice(0, 500)
}

function summariseOne(operation: Operation): string {
  switch (operation.do) {
    case 'add_tags':
      return `added ${nameTags(operation.tags)}`
    case 'remove_tags':
      return `removed ${nameTags(operation.tags)}`
    case 'add_category':
      return `put into ${operation.category}`
    case 'remove_category':
      return `took out of ${operation.category}`
    case 'set_rating':
      return operation.rating === null ? 'removed the rating' : `rated ${operation.rating} of 5`
    case 'set_favourite':
      return operation.favourite ? 'marked as favourite' : 'no favourite any more'
    case 'set_text':
      return `${operation.text ? 'wrote' : 'removed'} the ${operation.field === 'alt_text' ? 'alternative text' : operation.field}`
    case 'trash':
      return 'moved to the trash'
    case 'restore':
      return 'took out of the trash'
    case 'reset':
      return `reset ${operation.fields.map((field) => field.replace('_', ' ')).join(', ')}`
  }
}

const nameTags = (tags: readonly string[]): string => `${tags.length === 1 ? 'tag' : 'tags'} ${tags.join(', ')}`

/** Whether any of the targets is about one of these fields. */
export function concerns(targets: readonly Target[], ...fields: readonly DecisionField[]): boolean {
  return targets.some((target) => fields.includes('set' in target ? target.set : target.reset))
}
