/** @file Tries the failed steps of the chosen photos again. */
import { RotateCw } from 'lucide-react'
import { countOf } from '../../../../src/domain/count-of.ts'
import { callApi } from '../../../lib/api-client.ts'
import { refreshLibrary } from '../../../lib/library-queries.ts'
import type { PhotoAction } from '../../../lib/photo-action.ts'

export const retryAction: PhotoAction = {
  name: 'retry',
  label: 'Retry analysis',
  Icon: RotateCw,
  async run(ids, client) {
    const { photos } = await callApi('retryFailures', { body: { ids: [...ids], dry_run: false } })
    void refreshLibrary(client)
    if (photos === 0) return { message: 'Nothing failed for these photos: there is nothing to try again.', keepsSelection: true }
    return { message: `${countOf(photos, 'photo')} will be looked at again.` }
  },
}
