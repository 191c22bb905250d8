/** @file fototeca status: where the library stands, which models answer, what waits and why. */
import type { Command } from 'commander'
import type { Health, Progress, Stats } from '../../contract/library.ts'
import type { CliContext } from '../context.ts'
import { formatTable, toPlainText } from '../format.ts'
import { describeProgress } from '../progress-view.ts'

export function addStatus(program: Command, context: CliContext): void {
  program
    .command('status')
    .description('show the state of the library: photos, steps, models, background work')
    .addHelpText('after', '\nExamples:\n  fototeca status\n  fototeca status --json | jq .stats.states')
    .action(async () => {
      await context.withApi(async (api, url) => {
        const [health, progress, stats] = await Promise.all([api.call('getHealth'), api.call('getProgress'), api.call('getStats')])
        context.print({ url, health, progress, stats }, () => renderStatus(url, health, progress, stats))
      })
    })
}

function renderStatus(url: string | null, health: Health, progress: Progress, stats: Stats): string {
  const states = Object.entries(stats.states).filter(([, count]) => count > 0)
  const steps = Object.entries(stats.steps).map(([name, step]) => [
    name,
    String(step.done),
    String(step.failed),
    String(step.skipped),
    step.mean_ms === null ? '–' : `${Math.round(step.mean_ms)} ms`,
  ])
  return [
    `fototeca ${health.version}, ${health.status}, ${health.database}, ${url ?? 'no server runs on this data folder'}`,
    describeProgress(progress),
    states.map(([state, count]) => `${state} ${count}`).join(', '),
    '',
    formatTable([['step', 'done', 'failed', 'skipped', 'mean'], ...steps]),
    '',
    formatTable(health.models.map((model) => [model.capability, model.model ?? 'no model', model.licence ?? model.notice ?? ''])),
    '',
    formatTable(health.lanes.map((lane) => [`lane ${lane.lane}`, lane.state, `${lane.due} due`, lane.reason ?? ''])),
    `contacts: ${health.contacts.map(({ host, purpose }) => `${host} (${purpose})`).join(', ') || 'no server'}`,
    health.last_backup === null
      ? 'last backup: none'
      : `last backup: ${health.last_backup.finished_at}, ${toPlainText(health.last_backup.target)}`,
    ...health.notices.map((notice) => `! ${toPlainText(notice)}`),
  ].join('\n')
}
