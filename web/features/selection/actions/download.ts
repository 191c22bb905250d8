/** @file Downloads originals: one as it is, more as a ZIP. */
import { Download } from 'lucide-react'
import { callApi } from '../../../lib/api-client.ts'
import { formatBytes, plural } from '../../../lib/format.ts'
import type { PhotoAction } from '../../../lib/photo-action.ts'
import { downloadOriginal, startDownload } from '../../../lib/start-download.ts'

const MOST = 10_000

export const downloadAction: PhotoAction = {
  name: 'download',
  label: 'Download',
  Icon: Download,
  hotkey: 'Shift+d',
  async run(ids) {
    const [first] = ids
    if (first === undefined || ids.length > MOST) throw new Error(`At most ${plural(MOST, 'photo')} fit into one download.`)
    if (ids.length === 1) {
      await downloadOriginal(first)
      return { message: 'The original is on its way.', keepsSelection: true }
    }
    const { path, photos, missing, bytes } = await callApi('prepareDownload', { body: { ids: [...ids] } })
    startDownload(path)
    const left = missing > 0 ? `; ${plural(missing, 'file is', 'files are')} not there` : ''
    return { message: `A ZIP of ${plural(photos, 'original')} (${formatBytes(bytes)}) is on its way${left}.`, keepsSelection: true }
  },
}
