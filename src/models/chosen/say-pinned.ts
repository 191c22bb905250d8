/** @file How sure a download is to be the files that were meant, in words for where a model is chosen. Pure. */
import type { CatalogueModel } from '../../contract/library.ts'
import type { DownloadableModel } from '../catalogue/catalogue-row.ts'
import type { Pin } from '../install/pin.ts'

type Said = Omit<NonNullable<CatalogueModel['pin']>, 'changed'>

export function sayPinned(row: DownloadableModel, pin: Pin | null): Said {
  const commit = row.commit ?? pin?.commit ?? null
  const at = commit === null ? '' : `commit ${commit.slice(0, 10)}`
  const files = 'prefixes' in row.files ? null : row.files
  const known = files?.filter(({ sha256 }) => sha256 !== null).length ?? 0
  if (row.commit !== null && files !== null && known === files.length)
    return { state: 'pinned', commit, text: `pinned: ${at}, every file by its SHA-256` }
  if (pin !== null)
    return {
      state: 'remembered',
      commit,
      text: `pinned to what was first downloaded on ${pin.at.slice(0, 10)}${at === '' ? '' : `, ${at}`}`,
    }
  const later = 'checked against the hub’s own checksums at the first download, and remembered'
  if (row.commit === null && known === 0) return { state: 'not yet', commit, text: `not pinned yet: ${later}` }
  const digests = `${known} of ${files?.length ?? 'all'} files by SHA-256`
  return {
    state: 'partly',
    commit,
    text: `pinned in part: ${[at, digests].filter((part) => part !== '').join(', ')}; the rest is ${later}`,
  }
}
