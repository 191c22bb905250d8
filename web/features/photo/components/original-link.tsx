/** @file Downloads the original of a photo, or says why it cannot be downloaded. */
import { type QueryClient, useQueryClient } from '@tanstack/react-query'
import type { MouseEvent, ReactNode } from 'react'
import type { PhotoDetail } from '../../../../src/contract/photo.ts'
import { originalUrl } from '../../../lib/api-client.ts'
import { photoQuery } from '../../../lib/library-queries.ts'
import { downloadOriginal } from '../../../lib/start-download.ts'
import { showToast } from '../../../lib/toasts.ts'

export async function downloadOriginalOf(id: number, client: QueryClient): Promise<void> {
  try {
    await downloadOriginal(id)
  } catch (error) {
    showToast({ text: error instanceof Error ? error.message : String(error), tone: 'danger' })
    // what kept the file from being sent may be noted by now
    await client.invalidateQueries({ queryKey: photoQuery(id).queryKey })
  }
}

interface OriginalLinkProps {
  readonly photo: Pick<PhotoDetail, 'id' | 'filename'>
  readonly className: string
  readonly children: ReactNode
}

export function OriginalLink({ photo: { id, filename }, className, children }: OriginalLinkProps) {
  const client = useQueryClient()
  const download = (event: MouseEvent) => {
    event.preventDefault()
    return downloadOriginalOf(id, client)
  }
  return (
    <a
      href={originalUrl(id)}
      download={filename}
      onClick={(event) => void download(event)}
      className={`inline-flex items-center rounded-full ${className}`}
    >
      {children}
    </a>
  )
}
