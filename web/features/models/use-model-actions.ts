/** @file What can be done with a model or a space, with one answer to success and failure. */
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { callApi } from '../../lib/api-client.ts'
import { modelsQuery, spacesQuery } from '../../lib/model-queries.ts'
import { showToast } from '../../lib/toasts.ts'

export type ModelAct =
  | { readonly do: 'pull'; readonly name: string; readonly accepted: boolean; readonly acceptChanged?: boolean }
  | { readonly do: 'use' | 'measure' | 'remove'; readonly name: string }
  | { readonly do: 'use-space' | 'pause' | 'resume' | 'drop'; readonly id: number }
  | { readonly do: 'roll-back' }

async function act(what: ModelAct): Promise<string | null> {
  switch (what.do) {
    case 'pull':
      await callApi('pullModel', { body: { name: what.name, accept_licence: what.accepted, accept_changed: what.acceptChanged === true } })
      return null
    case 'use': {
      const model = await callApi('useModel', { body: { name: what.name } })
      return model.state === 'filling' ? `${what.name} answers when it knows all photos.` : null
    }
    case 'measure': {
      const model = await callApi('measureModel', { body: { name: what.name } })
      return `${what.name} takes ${model.ms_per_picture} ms a picture here.`
    }
    case 'remove':
      return `${(await callApi('removeModel', { params: { name: what.name } })).deleted} is deleted.`
    case 'use-space':
      await callApi('useSpace', { params: { id: what.id } })
      return null
    case 'pause':
      await callApi('pauseSpace', { params: { id: what.id } })
      return null
    case 'resume':
      await callApi('resumeSpace', { params: { id: what.id } })
      return null
    case 'drop':
      await callApi('dropSpace', { params: { id: what.id } })
      return 'The vectors are deleted.'
    case 'roll-back':
      return `${(await callApi('rollBackSpace', {})).model ?? 'The model before'} answers again.`
  }
}

export function useModelActions() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: act,
    onSuccess: (text) => text && showToast({ text }),
    onError: (error) => showToast({ text: error.message, tone: 'danger' }),
    onSettled: async () => {
      await client.invalidateQueries({ queryKey: modelsQuery.queryKey })
      await client.invalidateQueries({ queryKey: spacesQuery.queryKey })
    },
  })
}

export type ModelActions = ReturnType<typeof useModelActions>
