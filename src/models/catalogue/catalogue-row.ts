/** @file What the catalogue says of a model. */
import type { Capability, ModelTask, StepName } from '../../contract/words.ts'

export interface CatalogueFile {
  readonly path: string
  /** exact where the hub states bytes; about, where it states megabytes (then `isExact` is absent) */
  readonly bytes: number
  readonly isExact?: true
  /** null: not known here; then what is downloaded first is remembered */
  readonly sha256: string | null
  /** another name of the same part, taken where the first is absent in the repository */
  readonly orElse?: string
}

export interface DownloadableModel {
  readonly kind: 'download'
  readonly name: string
  readonly task: ModelTask
  readonly repo: string
  /** what is downloaded, whatever the branch moves to; null: not known here, then the commit of the first download is remembered */
  readonly commit: string | null
  /** `prefixes`: names and digests unknown here; every file under them, as the hub lists it */
  readonly files: readonly CatalogueFile[] | { readonly prefixes: readonly string[]; readonly bytes: number }
  /** texts of our own that are written beside the download, by path */
  readonly beside?: () => Readonly<Record<string, string>>
  /** numbers per vector; null for models that give none */
  readonly width: number | null
  readonly licence: string
  /** what a person should know before the download: size, languages */
  readonly note: string
  /** a sentence that a person must accept before it is installed; absent where the licence asks for nothing of the kind */
  readonly terms?: string
}

export interface BuiltInModel {
  readonly kind: 'built-in'
  readonly name: string
  readonly licence: string
  readonly width: number | null
  readonly note: string
  readonly capabilities: readonly Capability[]
  /** weights on disk; 0 where there are none */
  readonly bytes: number
  /** the step it does alone, whose times in the ledger are its own; null where there is none */
  readonly step: StepName | null
}

export type CatalogueRow = DownloadableModel | BuiltInModel
