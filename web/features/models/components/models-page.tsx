/** @file The page `/settings/models`: per capability what answers and what could, and the spaces of search by meaning. */
import { useQuery } from '@tanstack/react-query'
import type { CatalogueModel } from '../../../../src/contract/library.ts'
import { modelsQuery, spacesQuery } from '../../../lib/model-queries.ts'
import { Button } from '../../../ui/button.tsx'
import { Notice } from '../../../ui/notice.tsx'
import { Page } from '../../../ui/page.tsx'
import { useModelActions } from '../use-model-actions.ts'
import { ModelCard } from './model-card.tsx'
import { OutsideModels } from './outside-models.tsx'
import { SpaceList } from './space-list.tsx'
import { TryPanel } from './try-panel.tsx'

/** In the order in which a person meets them; a model stands in the first that fits. */
const SECTIONS: readonly { readonly title: string; readonly about: string; readonly fits: (model: CatalogueModel) => boolean }[] = [
  {
    title: 'Search by meaning',
    about: 'Puts pictures and words into one space. A new model fills its own space first; until then the present one answers.',
    fits: ({ capabilities }) => capabilities.includes('embed-image'),
  },
  {
    title: 'Faces',
    about: 'Finds faces and tells people apart. Faces of two models cannot be compared: a change looks at every photo again.',
    fits: ({ capabilities }) => capabilities.includes('find-faces'),
  },
  { title: 'Text in pictures', about: 'Reads what is written.', fits: ({ capabilities }) => capabilities.includes('read-text') },
  {
    title: 'Things',
    about: 'Finds everyday things and where they are.',
    fits: ({ capabilities }) => capabilities.includes('find-objects'),
  },
  {
    title: 'Cut-outs',
    about: 'Tells products from their background, for product pictures. The built-in one needs a plain background.',
    fits: ({ capabilities }) => capabilities.includes('cut-out'),
  },
  {
    title: 'Tags',
    about: 'Says in words what a picture shows. A tagger you bring says its labels beside the words.',
    fits: ({ capabilities }) => capabilities.includes('tag'),
  },
  { title: 'Others', about: 'Always there.', fits: () => true },
]

export function ModelsPage() {
  const models = useQuery(modelsQuery)
  const spaces = useQuery(spacesQuery)
  const actions = useModelActions()
  const error = models.error ?? spaces.error
  return (
    <Page
      title="Models"
      about="What looks at your pictures, what it costs on this computer, and how good it was found to be."
      width="forms"
    >
      {error && (
        <Notice
          tone="danger"
          action={
            <Button
              onClick={() => {
                void models.refetch()
                void spaces.refetch()
              }}
            >
              Try again
            </Button>
          }
        >
          {error.message}
        </Notice>
      )}
      {sectionsOf(models.data?.models ?? []).map(({ title, about, own }, index) => (
        <section key={title} aria-label={title} className="flex flex-col gap-3">
          <div>
            <h2 className="text-base font-semibold">{title}</h2>
            <p className="text-sm text-muted">{about}</p>
          </div>
          {index === 0 && <SpaceList spaces={spaces.data?.spaces ?? []} actions={actions} />}
          <ul className="grid gap-3 lg:grid-cols-2">
            {own.map((model) => (
              <li key={model.name} className="min-w-0">
                <ModelCard model={model} actions={actions} />
              </li>
            ))}
          </ul>
        </section>
      ))}
      {models.data && <OutsideModels />}
      {models.data && <TryPanel models={models.data.models} />}
    </Page>
  )
}

const RANK = { active: 0, filling: 1, downloading: 2, 'built-in': 3, installed: 4, 'not installed': 5 } as const satisfies Record<
  CatalogueModel['state'],
  number
>

/** What answers stands first. */
function sectionsOf(models: readonly CatalogueModel[]) {
  const rest = new Set(models)
  return SECTIONS.map(({ title, about, fits }) => {
    const own = [...rest].filter(fits)
    for (const model of own) rest.delete(model)
    return { title, about, own: own.sort((a, b) => RANK[a.state] - RANK[b.state]) }
  }).filter(({ own }) => own.length > 0)
}
