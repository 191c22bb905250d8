/** @file The model for search by meaning, while it is not there: get it, or watch it come. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Download } from 'lucide-react'
import type { CatalogueModel } from '../../../../src/contract/library.ts'
import { BASIC_MEANING, BASIC_MEANING_LABEL } from '../../../../src/contract/words.ts'
import { callApi } from '../../../lib/api-client.ts'
import { formatBytes, formatPercent } from '../../../lib/format.ts'
import { modelsQuery } from '../../../lib/model-queries.ts'
import { Button } from '../../../ui/button.tsx'
import { Problem } from '../../../ui/problem.tsx'

export function ModelOffer() {
  const client = useQueryClient()
  const { data } = useQuery(modelsQuery)
  const pull = useMutation({
    mutationFn: (name: string) => callApi('pullModel', { body: { name, accept_licence: false, accept_changed: false } }),
    onSettled: () => client.invalidateQueries({ queryKey: modelsQuery.queryKey }),
  })
  const model = pickOffer(data?.models ?? [])
  if (!model) return null
  const isBasic = data?.models.some(({ name, state }) => name === BASIC_MEANING && state === 'active') === true
  const problem = pull.error?.message ?? model.notice
  const coming = model.state === 'downloading'
  return (
    <section aria-label="Search by meaning" className="flex flex-col gap-2 rounded-xl bg-raised p-3 text-sm">
      <p className="font-medium">{isBasic ? `Search by meaning: ${BASIC_MEANING_LABEL}` : 'Search by meaning needs a model'}</p>
      {isBasic && <p className="text-muted">A full model finds more, in many languages:</p>}
      <p className="text-muted wrap-anywhere">
        {model.name}
        {model.download_bytes !== null && `, ${formatBytes(model.download_bytes)}`}, licence {model.licence}
      </p>
      {coming ? (
        <>
          <div
            className="h-1.5 overflow-hidden rounded-full bg-line"
            role="progressbar"
            aria-label="Download"
            aria-valuenow={Math.round((model.progress ?? 0) * 100)}
          >
            <div className="h-full bg-accent" style={{ width: `${(model.progress ?? 0) * 100}%` }} />
          </div>
          <p className="text-muted tabular-nums">{formatPercent(model.progress ?? 0)}</p>
        </>
      ) : (
        <Button look="solid" onClick={() => pull.mutate(model.name)} disabled={pull.isPending} className="self-start">
          <Download className="size-4" aria-hidden />
          Download
        </Button>
      )}
      {problem && (
        <Problem
          sentence="The model couldn’t be downloaded. Check the internet connection of the computer that runs fototeca, then try again."
          details={problem}
        />
      )}
    </section>
  )
}

/** What is coming, else the catalogue’s first embedding model; nothing while one is in use that is not the built-in one. */
function pickOffer(models: readonly CatalogueModel[]): CatalogueModel | undefined {
  const embedding = models.filter((model) => model.capabilities.includes('embed-text'))
  if (embedding.some(({ name, state }) => state === 'active' && name !== BASIC_MEANING)) return undefined
  return embedding.find((model) => model.state === 'downloading') ?? embedding.find((model) => model.state === 'not installed')
}
