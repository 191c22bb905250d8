/** @file A run that stopped for its budget goes on with another one. */
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import type { Generation } from '../../../../src/contract/generate.ts'
import { callApi } from '../../../lib/api-client.ts'
import { showToast } from '../../../lib/toasts.ts'
import { Button } from '../../../ui/button.tsx'
import { FIELD, Labelled } from '../../../ui/labelled.tsx'
import { generationsQuery } from '../api/generate-queries.ts'

export function GoOn({ run }: { readonly run: Generation }) {
  const client = useQueryClient()
  const [scenes, setScenes] = useState(String(run.spent.scenes + run.images.filter(({ state }) => state === 'due').length))
  const goOn = useMutation({
    mutationFn: () =>
      callApi('resumeGeneration', { params: { id: run.id }, body: { budget: { scenes: scenes === '' ? null : Number(scenes) } } }),
    onSuccess: () => client.invalidateQueries({ queryKey: generationsQuery.queryKey }),
    onError: (error) => showToast({ text: error.message, tone: 'danger' }),
  })
  return (
    <div className="flex items-end gap-3">
      <div className="w-40">
        <Labelled label={`Scenes in all (${run.spent.scenes} so far)`}>
          <input className={FIELD} type="number" min={0} value={scenes} onChange={(event) => setScenes(event.target.value)} />
        </Labelled>
      </div>
      <Button disabled={goOn.isPending} onClick={() => goOn.mutate()}>
        Go on
      </Button>
    </div>
  )
}
