/** @file Downloads the original of the chosen photo. */
import { Download } from 'lucide-react'
import { originalUrl } from '../../../lib/api-client.ts'
import type { PhotoAction } from '../../../lib/photo-action.ts'

export const downloadAction: PhotoAction = {
  name: 'download',
  label: 'Download',
  Icon: Download,
  hotkey: 'Shift+d',
  async run(ids) {
    const [id] = ids
    if (id === undefined || ids.length > 1) throw new Error('Select one photo to download its original.')
    startDownload(originalUrl(id))
    return { message: 'The original is on its way.', keepsSelection: true }
  },
}

/** The answer names the file and says that it is one to keep, so the page stays where it is. */
function startDownload(url: string): void {
  const link = document.createElement('a')
  link.href = url
  link.download = ''
  link.click()
}
