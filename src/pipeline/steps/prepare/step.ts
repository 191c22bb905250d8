/** @file Step `prepare`: decodes the original and makes what is shown of it: thumbnail, preview, thumbhash, size. */
import { makeRenditions, type Rendition } from '../../../media/renditions.ts'
import { bytesSource } from '../../../storage/blob-store.ts'
import { renditionKey } from '../../../storage/keys.ts'
import { defineStep, type Step } from '../../step.ts'
import { type Prepared, savePrepared } from './store.ts'

export interface PrepareOptions {
  /** long side of thumbnails in pixels (`config.thumbnailSize`) */
  readonly thumbnailSize: number
}

export function createPrepare({ thumbnailSize }: PrepareOptions): Step<Prepared, undefined> {
  return defineStep<Prepared>({
    name: 'prepare',
    version: 1,
    needs: [],
    async run({ picture }) {
      const decoded = await picture()
      return { width: decoded.width, height: decoded.height, ...(await makeRenditions(decoded, thumbnailSize)) }
    },
    // they can be made again: nothing waits for the disk
    async keep(store, sha256, { renditions, ...result }) {
      const put = async ({ content, ...facts }: Rendition) => {
        await store.put(renditionKey(sha256, facts.kind), bytesSource(content, 'image/webp'), { isDurable: false })
        return facts
      }
      return { ...result, renditions: await Promise.all(renditions.map((one) => ('content' in one ? put(one) : one))) }
    },
    save: savePrepared,
  })
}
