/** @file Step `prepare`: decodes the original and makes what is shown of it: thumbnail, preview, thumbhash, size. */
import { writeRenditions } from '../../../media/renditions.ts'
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
    async run({ file: { renditionDir }, picture }) {
      if (renditionDir === undefined) throw new Error('there is no folder for renditions')
      const decoded = await picture()
      const { thumbhash, renditions } = await writeRenditions(decoded, renditionDir, thumbnailSize)
      return { width: decoded.width, height: decoded.height, thumbhash, renditions }
    },
    save: savePrepared,
  })
}
