/** @file Photos that are re-read by newer versions or models: how many, how long, and a pause. */
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { Pause, Play } from 'lucide-react'
import type { Upgrade } from '../../../../src/contract/library.ts'
import { countOf } from '../../../../src/domain/count-of.ts'
import { callApi } from '../../../lib/api-client.ts'
import { formatSpan } from '../../../lib/format.ts'
import { progressQuery } from '../../../lib/library-queries.ts'
import { Button } from '../../../ui/button.tsx'
import { Notice } from '../../../ui/notice.tsx'

export function UpgradeState({ upgrade }: { readonly upgrade: Upgrade }) {
  const client = useQueryClient()
  const act = useMutation({
    mutationFn: () => callApi(upgrade.paused ? 'resumeUpgrade' : 'pauseUpgrade', {}),
    onSuccess: () => client.invalidateQueries({ queryKey: progressQuery.queryKey }),
  })
  const time = upgrade.seconds ? `, about ${formatSpan(upgrade.seconds)}` : ''
  return (
    <div className="flex items-center justify-between gap-3">
      <p className="text-sm text-muted tabular-nums">
        {countOf(upgrade.photos, 'photo')} to re-read for newer models or versions{time}
        {upgrade.paused && <span className="text-warn"> · paused</span>}
      </p>
      <Button disabled={act.isPending} onClick={() => act.mutate()}>
        {upgrade.paused ? <Play className="size-4" aria-hidden /> : <Pause className="size-4" aria-hidden />}
        {upgrade.paused ? 'Resume' : 'Pause'}
      </Button>
      {act.error && <Notice tone="danger">{act.error.message}</Notice>}
    </div>
  )
}
