/** @file A new picture from what one photo inspires, in the words of a describe model or one’s own; or from one’s own words alone. */
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { callApi } from '../../../lib/api-client.ts'
import { Button } from '../../../ui/button.tsx'
import { FIELD, Labelled } from '../../../ui/labelled.tsx'
import { Notice } from '../../../ui/notice.tsx'
import { generationsQuery } from '../api/generate-queries.ts'

export function Inspire({ photo }: { readonly photo: number | null }) {
  const client = useQueryClient()
  const [words, setWords] = useState('')
  const start = useMutation({
    mutationFn: () => callApi('startInspiration', { body: { photo, prompt: words.trim() || null } }),
    onSuccess: () => client.invalidateQueries({ queryKey: generationsQuery.queryKey }),
  })
  return (
    <details className="rounded-xl border border-line p-3">
      <summary className="cursor-pointer text-sm font-medium">
        {photo === null ? 'A new picture from words' : 'A new picture inspired by this photo'}
      </summary>
      <div className="mt-3 flex flex-col gap-3">
        <Labelled label={photo === null ? 'What it should show' : 'Words, instead of those a describe model said of it'}>
          <textarea className={FIELD} rows={2} maxLength={4000} value={words} onChange={(event) => setWords(event.target.value)} />
        </Labelled>
        {start.error && <Notice tone="danger">{start.error.message}</Notice>}
        <div>
          <Button disabled={start.isPending || (photo === null && words.trim() === '')} onClick={() => start.mutate()}>
            {photo === null ? 'Create the picture' : 'Make an inspired picture'}
          </Button>
        </div>
      </div>
    </details>
  )
}
