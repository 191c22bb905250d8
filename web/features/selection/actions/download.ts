/** @file Downloads originals: one as it is, more as a ZIP. */
import { Download } from 'lucide-react'
import { countOf } from '../../../../src/domain/count-of.ts'
import { callApi } from '../../../lib/api-client.ts'
import { formatBytes } from '../../../lib/format.ts'
import type { PhotoAction } from '../../../lib/photo-action.ts'
import { downloadOriginal, startDownload } from '../../../lib/start-download.ts'

const MOST = 10_000

export const downloadAction: PhotoAction = {
  name: 'download',
  label: 'Download',
  Icon: Download,
  isCommon: true,
  hotkey: 'Shift+d',
  async run(ids) {
    const [first] = ids
    if (first === undefined || ids.length > MOST) throw new Error(`At most ${countOf(MOST, 'photo')} fit into one download.`)
    if (ids.length === 1) {
      await downloadOriginal(first)
      return { message: 'The original is on its way.', keepsSelection: true }
    }
    const { path, photos, missing, bytes } = await callApi('prepareDownload', { body: { ids: [...ids] } })
    startDownload(path)
    const left = missing > 0 ? `; ${countOf(missing, 'file is', 'files are')} not there` : ''
    return { message: `A ZIP of ${countOf(photos, 'original')} (${formatBytes(bytes)}) is on its way${left}.`, keepsSelection: true }
  },
}
