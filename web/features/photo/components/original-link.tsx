/** @file Downloads the original of a photo, or says why it cannot be downloaded. */
import { useQueryClient } from '@tanstack/react-query'
import type { MouseEvent, ReactNode } from 'react'
import type { PhotoDetail } from '../../../../src/contract/photo.ts'
import { originalUrl } from '../../../lib/api-client.ts'
import { photoQuery } from '../../../lib/library-queries.ts'
import { downloadOriginal } from '../../../lib/start-download.ts'
import { showToast } from '../../../lib/toasts.ts'

interface OriginalLinkProps {
  readonly photo: Pick<PhotoDetail, 'id' | 'filename'>
  /** where the link shows only an icon */
  readonly label?: string
  readonly className: string
  readonly children: ReactNode
}

export function OriginalLink({ photo: { id, filename }, label, className, children }: OriginalLinkProps) {
  const client = useQueryClient()
  const download = async (event: MouseEvent) => {
    event.preventDefault()
    try {
      await downloadOriginal(id)
    } catch (error) {
      showToast({ text: error instanceof Error ? error.message : String(error), tone: 'danger' })
      // what kept the file from being sent may be noted by now
      await client.invalidateQueries({ queryKey: photoQuery(id).queryKey })
    }
  }
  return (
    <a
      href={originalUrl(id)}
      download={filename}
      onClick={(event) => void download(event)}
      {...(label === undefined ? {} : { 'aria-label': label, title: label })}
      className={`inline-flex items-center rounded-full ${className}`}
    >
      {children}
    </a>
  )
}
