/** @file Why search by meaning does not work now: for the owner, who can mend it, and in a plain sentence for somebody who searches. */
import { describeError } from '../../domain/errors.ts'
import { downloadBytes } from '../catalogue/catalogue.ts'
import type { DownloadableModel } from '../catalogue/catalogue-row.ts'
import { type Failure, failureText } from '../install/downloads.ts'
import { megabytes } from '../install/install-place.ts'
import { BASIC_TERMS } from '../providers/builtin-meaning/index.ts'
import type { BasicChoice } from './basic-meaning.ts'

/** What stands in the way. */
export type Obstacle =
  /** the model is there and does not answer */
  | { readonly kind: 'broken'; readonly error: unknown }
  | { readonly kind: 'downloading'; readonly name: string; readonly text: string }
  | { readonly kind: 'download-failed'; readonly failure: Failure }
  | { readonly kind: 'unopened'; readonly error: unknown }
  /** nothing was chosen or fetched yet; the catalogue’s default, where it has one to fetch; and why the built-in one does not answer */
  | { readonly kind: 'none'; readonly name: string; readonly row: DownloadableModel | null; readonly basic: BasicChoice }

/** What it is and what to do. */
export function tellOwner(obstacle: Obstacle): string {
  switch (obstacle.kind) {
    case 'broken':
      return `search by meaning does not work: ${describeError(obstacle.error)}`
    case 'downloading':
      return `search by meaning waits for a model: ${obstacle.name} is being downloaded (${obstacle.text})`
    case 'download-failed':
      return `search by meaning waits for a model: ${failureText(obstacle.failure)}`
    case 'unopened':
      return `search by meaning waits for a model: ${describeError(obstacle.error)}`
    case 'none': {
      const size = obstacle.row === null ? '' : `, ${megabytes(downloadBytes(obstacle.row))}`
      return `search by meaning waits for a model: get one with “fototeca models pull” (${obstacle.name}${size}) or bring one with “fototeca models import <folder>”${tellBasic(obstacle.basic)}`
    }
  }
}

function tellBasic(basic: BasicChoice): string {
  if (basic.kind === 'undecided')
    return `. There is a built-in one for everyday scenes in English. It is off because you keep product pictures, and ${BASIC_TERMS} Set FOTOTECA_MEANING to basic to use it all the same, or to off`
  return basic.kind === 'broken' ? `. The built-in one cannot be used: ${describeError(basic.error)}` : ''
}

const INSTEAD = 'photos are found by their words only.'
const MORE = 'The Models page says more.'

const SHORT = {
  broken: `The model for search by meaning does not work: ${INSTEAD} ${MORE}`,
  downloading: `The model for search by meaning is being downloaded: until then ${INSTEAD}`,
  'download-failed': `The model for search by meaning could not be downloaded: ${INSTEAD} ${MORE}`,
  unopened: `The model for search by meaning cannot be opened: ${INSTEAD} ${MORE}`,
  none: `There is no model for search by meaning yet: ${INSTEAD} ${MORE}`,
} as const satisfies Record<Obstacle['kind'], string>

export const tellSearcher = ({ kind }: Obstacle): string => SHORT[kind]
