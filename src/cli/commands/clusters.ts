/** @file fototeca clusters: topics found among the photos; name, hide, merge, label, look again; trips. */
import type { Command } from 'commander'
import type { ClusterReport, ClusterState } from '../../contract/clusters.ts'
import { countOf } from '../../domain/count-of.ts'
import type { CliContext } from '../context.ts'
import { formatTable, toPlainText } from '../format.ts'

export function addClusters(program: Command, context: CliContext): void {
  const clusters = program
    .command('clusters')
    .description('topics found among the photos, and trips')
    .addHelpText('after', "\nExamples:\n  fototeca clusters list\n  fototeca clusters name 3 'Garden'\n  fototeca search --cluster 3")
  const print = (cluster: ClusterReport) => context.print(cluster, () => renderClusters([cluster]))
  clusters
    .command('list')
    .description('list clusters, largest first')
    .option('--hidden', 'include hidden ones')
    .action(async (options: { hidden?: boolean }) => {
      const answer = await context.withApi((api) => api.call('listClusters', { query: { hidden: options.hidden === true } }))
      context.print(answer, () => [renderClusters(answer.clusters), renderState(answer.state)].join('\n'))
    })
  clusters
    .command('run')
    .description('cluster all photos again in the background')
    .action(async () => {
      const state = await context.withApi((api) => api.call('runClusters'))
      context.print(state, () => 'all photos are looked at again')
    })
  clusters
    .command('name')
    .description('name a cluster; without a name, restore the automatic label')
    .argument('<id>')
    .argument('[name]')
    .action(async (id: string, name?: string) => {
      print(await context.withApi((api) => api.call('changeCluster', { params: { id }, body: { name: name ?? null } })))
    })
  for (const [verb, hidden] of [
    ['hide', true],
    ['show', false],
  ] as const)
    clusters
      .command(verb)
      .description(hidden ? 'hide a cluster' : 'show a hidden cluster again')
      .argument('<id>')
      .action(async (id: string) => print(await context.withApi((api) => api.call('changeCluster', { params: { id }, body: { hidden } }))))
  clusters
    .command('merge')
    .description('merge a cluster into another; they stay merged')
    .argument('<id>')
    .argument('<into>')
    .action(async (id: string, into: string) => {
      const merged = await context.withApi((api) => api.call('mergeCluster', { params: { id }, body: { into: Number(into) } }))
      context.print(merged, () => `${renderClusters([merged])}\ntake it back with: fototeca edit undo ${merged.edit}`)
    })
  clusters
    .command('label')
    .description('label a cluster from its representative photos, using the description model if one is on')
    .argument('<id>')
    .action(async (id: string) => {
      const label = await context.withApi((api) => api.call('labelCluster', { params: { id } }))
      context.print(label, () =>
        toPlainText(`${label.cluster_name ?? 'no name'} (${label.vlm_model ?? 'by facts'}): ${label.tags.join(', ')}`),
      )
    })
  clusters
    .command('trips')
    .description('list trips away from home and days with many photos')
    .action(async () => {
      const answer = await context.withApi((api) => api.call('listTrips'))
      context.print(answer, () =>
        formatTable(answer.trips.map((trip) => [trip.from, trip.to, countOf(trip.count, 'photo'), toPlainText(trip.name)])),
      )
    })
}

function renderClusters(clusters: readonly ClusterReport[]): string {
  return formatTable(
    clusters.map((cluster) =>
      [
        String(cluster.id),
        countOf(cluster.count, 'photo'),
        cluster.name ?? 'no name',
        cluster.said_by ?? '',
        cluster.tags.slice(0, 5).join(', '),
      ].map(toPlainText),
    ),
  )
}

function renderState({ photos, in_none, made_at, running, notice }: ClusterState): string {
  const when = made_at === null ? 'not looked for yet' : `${countOf(photos, 'photo')}, ${in_none} in none; looked for ${made_at}`
  return [running ? 'running now' : when, ...(notice === null ? [] : [notice])].join('\n')
}
