/**
 * @file The space product pictures are compared in: that of a model made for products, once it holds all of them; until then, and without
 * such a model, the library’s. Pictures that were there before the model are embedded by a filler like the library’s own (ADR 37).
 */
import type { Db } from '../db/client.ts'
import { ensureVectorIndex } from '../db/vector.ts'
import type { ActiveModel } from '../models/chosen/active-models.ts'
import type { FillTarget } from '../pipeline/spaces/photo-filler.ts'
import type { KeptSpace } from '../pipeline/spaces/spaces.ts'
import { countOwedPhotos, forgetFillFailures } from '../pipeline/spaces/store.ts'
import { findSpaceId } from './store-neighbours.ts'

export interface OwnSpaceDeps {
  readonly db: Db
  /** the model for products; null while it is not installed, or answers searches too and so is filled by the library */
  readonly model: () => ActiveModel | null
  readonly wakeFiller: () => void
  /** uploads are to be embedded by another model from here on */
  readonly onSwitched: () => void
}

export interface SpaceFilling {
  readonly space: string
  /** pictures that are not in it yet */
  readonly owed: number
}

export type OwnSpace = ReturnType<typeof createOwnSpace>

export function createOwnSpace({ db, model, wakeFiller, onSwitched }: OwnSpaceDeps) {
  /** id of the model whose space was seen full; a picture that comes back later does not take that from it */
  let full: string | null = null
  /** something may be owed since the filler looked last: it looks when it has its turn */
  let [wakes, looked, settled] = [1, 0, 0]

  const wake = () => {
    wakes++
    wakeFiller()
  }
  const isFull = () => full !== null && full === model()?.info.id

  return {
    /** what the filler is to fill now; null lets its process go */
    target(): FillTarget | null {
      if (wakes === settled) return null
      looked = wakes
      return model()
    },
    /** The filler’s word that nothing is owed. */
    async onFull({ info }: FillTarget, spaceId: number): Promise<void> {
      settled = looked
      await ensureVectorIndex(db, spaceId)
      if (full === info.id) return
      full = info.id
      onSwitched()
    },
    /** Pictures came back, or came without a vector of this space. */
    wake,
    /** the model that embeds uploads; null: the library’s */
    embedder: (): ActiveModel | null => (isFull() ? model() : null),
    /** what is being filled beside the space that answers; null: nothing */
    async filling(): Promise<SpaceFilling | null> {
      const own = model()
      if (!own || isFull()) return null
      const id = await findSpaceId(db, own.space.name)
      return { space: own.space.name, owed: await countOwedPhotos(db, id ?? 0, 'products') }
    },
    async keeps({ id, name }: { readonly id: number; readonly name: string }): Promise<KeptSpace | null> {
      const own = model()
      if (own?.space.name !== name) return null
      return {
        model: own.info.name,
        owed: await countOwedPhotos(db, id, 'products'),
        isServing: isFull(),
        reason: null,
        whyKept: `product pictures are compared in ${name}; delete its model first (“fototeca models remove ${own.info.name}”)`,
        async resume() {
          await forgetFillFailures(db, id)
          wake()
        },
      }
    },
  }
}
