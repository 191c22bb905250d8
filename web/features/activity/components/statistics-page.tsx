/** @file The page `/settings/statistics`: what the library holds, and how its steps and models do. */
import type { Stats } from '../../../../src/contract/library.ts'
import { formatCount } from '../../../../src/domain/count-of.ts'
import { formatBytes, formatModel, formatMonth, formatPercent } from '../../../lib/format.ts'
import { Button } from '../../../ui/button.tsx'
import { Notice } from '../../../ui/notice.tsx'
import { Page } from '../../../ui/page.tsx'
import { useStats } from '../api/activity-queries.ts'
import { FactsTable } from './facts-table.tsx'

const TIMES = ['Done', 'Failed', 'Skipped', 'Success', 'Mean', 'p95']

export function StatisticsPage() {
  const { data, error, refetch } = useStats()
  return (
    <Page title="Statistics" about="What the library holds, and how its steps and models do.">
      <div className="flex flex-col gap-6">
        {error && (
          <Notice tone="danger" action={<Button onClick={() => void refetch()}>Try again</Button>}>
            {error.message}
          </Notice>
        )}
        {data && <Facts stats={data} />}
      </div>
    </Page>
  )
}

function Facts({ stats }: { readonly stats: Stats }) {
  const { storage, faces } = stats
  const counted = (name: string, count: number) => ({ key: name, cells: [name, formatCount(count)] })
  return (
    <>
      <FactsTable
        title="Library"
        head={['', 'Count']}
        rows={[
          counted('Photos', stats.total),
          { key: 'originals', cells: ['Originals', formatBytes(storage.originals_bytes)] },
          { key: 'renditions', cells: ['Thumbnails and previews', formatBytes(storage.renditions_bytes)] },
          { key: 'trash', cells: ['Trash', formatBytes(storage.trash_bytes)] },
          counted('Faces', faces.faces),
          counted('Faces with a name', faces.named),
          counted('People', faces.people),
        ]}
      />
      <FactsTable
        title="States"
        head={['State', 'Photos']}
        rows={Object.entries(stats.states)
          .filter(([, count]) => count > 0)
          .map(([state, count]) => counted(state.replaceAll('_', ' '), count))}
      />
      <FactsTable
        title="Steps"
        head={['Step', ...TIMES]}
        rows={Object.entries(stats.steps).map(([step, times]) => ({ key: step, cells: [step, ...timesOf(times)] }))}
      />
      <FactsTable
        title="Models"
        head={['Model', 'Step', ...TIMES]}
        rows={stats.models.map(({ model, step, ...times }) => ({
          key: `${step} ${model}`,
          cells: [formatModel(model), step, ...timesOf(times)],
        }))}
      />
      <FactsTable
        title="Formats"
        head={['Format', 'Photos', 'Size']}
        rows={stats.formats.map(({ format, photos, bytes }) => ({ key: format, cells: [format, formatCount(photos), formatBytes(bytes)] }))}
      />
      <FactsTable
        title="Growth"
        head={['Month', 'Added', 'Total']}
        rows={stats.growth.map(({ month, added, total }) => ({
          key: month,
          cells: [formatMonth(month), formatCount(added), formatCount(total)],
        }))}
      />
      <FactsTable title="Most frequent tags" head={['Tag', 'Photos']} rows={stats.tags.map(({ tag, photos }) => counted(tag, photos))} />
      <FactsTable
        title="Most frequent categories"
        head={['Category', 'Photos']}
        rows={stats.categories.map(({ category, photos }) => counted(category, photos))}
      />
      <FactsTable
        title="Duplicates"
        head={['Kind', 'Sets', 'Photos']}
        rows={stats.duplicates.map(({ kind, sets, photos }) => ({ key: kind, cells: [kind, formatCount(sets), formatCount(photos)] }))}
      />
    </>
  )
}

function timesOf({ done, failed, skipped, success_rate, mean_ms, p95_ms }: Stats['steps']['ocr']): string[] {
  const ms = (value: number | null) => (value === null ? '–' : `${formatCount(Math.round(value))} ms`)
  const success = success_rate === null ? '–' : formatPercent(success_rate)
  return [formatCount(done), formatCount(failed), formatCount(skipped), success, ms(mean_ms), ms(p95_ms)]
}
