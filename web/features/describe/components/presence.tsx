/** @file Whether the model that was chosen is there: as it was when last asked, with a button that asks now. No picture is sent. */
import { useMutation, useQueryClient } from '@tanstack/react-query'
import type { DescriberReport } from '../../../../src/contract/describe.ts'
import { callApi } from '../../../lib/api-client.ts'
import { Button } from '../../../ui/button.tsx'
import { Notice } from '../../../ui/notice.tsx'

export function Presence({ describer: { name, sends_to, state, said, asked_at } }: { readonly describer: DescriberReport }) {
  const client = useQueryClient()
  const ask = useMutation({
    mutationFn: () => callApi('askDescriber', { body: { describer: name } }),
    onSettled: () => client.invalidateQueries({ queryKey: ['describe'] }),
  })
  if (sends_to.length === 0) return null
  const when = asked_at && ` (${new Date(asked_at).toLocaleTimeString()})`
  return (
    <Notice
      tone={ask.error || state === 'not ready' ? 'warn' : 'info'}
      action={
        <Button className="bg-page!" disabled={ask.isPending} onClick={() => ask.mutate()}>
          {ask.isPending ? 'Asking …' : said === null ? 'Ask it' : 'Ask again'}
        </Button>
      }
    >
      {ask.error?.message ?? (said === null ? 'Nobody has asked yet whether it is there. Asking sends no picture.' : `${said}${when}`)}
    </Notice>
  )
}
