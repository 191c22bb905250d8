/** @file Searches by a picture of this device: it is sent, looked at and forgotten; the address keeps the key of its vectors. */
import { routes } from 'virtual:contract'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import type { PictureSearchAnswer } from '../../../src/contract/search.ts'
import { readProblem } from '../../lib/api-client.ts'
import { showToast } from '../../lib/toasts.ts'

/** What was sent from this tab, by key, for showing it beside the hits. */
const shown = new Map<string, string>()
const MAX_SHOWN = 20

/** An address of the picture, while this tab knows it. */
export const shownPicture = (key: string): string | undefined => shown.get(key)

export function useSendPicture(): { send: (file: File) => Promise<void>; isSending: boolean } {
  const navigate = useNavigate()
  const [isSending, setSending] = useState(false)
  const send = async (file: File) => {
    setSending(true)
    try {
      const body = new FormData()
      body.append('file', file)
      const response = await fetch(`${routes.searchByPicture.path}?limit=1`, { method: routes.searchByPicture.method, body })
      const text = await response.text()
      if (!response.ok) throw readProblem(response.status, text)
      const { picture } = JSON.parse(text) as PictureSearchAnswer
      remember(picture, file)
      void navigate({ to: '/search', search: { picture } })
    } catch (error) {
      showToast({ text: error instanceof Error ? error.message : String(error), tone: 'danger' })
    } finally {
      setSending(false)
    }
  }
  return { send, isSending }
}

function remember(key: string, file: File): void {
  shown.set(key, URL.createObjectURL(file))
  const [oldest] = shown
  if (shown.size <= MAX_SHOWN || !oldest) return
  URL.revokeObjectURL(oldest[1])
  shown.delete(oldest[0])
}
