/** @file fototeca tasks: what runs in the background, how far it is, and in which process. */
import type { Command } from 'commander'
import type { TasksReport } from '../../contract/tasks.ts'
import type { CliContext } from '../context.ts'
import { formatDuration, formatTable, toPlainText } from '../format.ts'

export function addTasks(program: Command, context: CliContext): void {
  program
    .command('tasks')
    .description('what runs in the background: state, what is left, failures; and the processes that do it')
    .addHelpText('after', '\nExamples:\n  fototeca tasks\n  fototeca tasks --json | jq \'.tasks[] | select(.state == "held")\'')
    .action(async () => {
      const report = await context.withApi((api) => api.call('getTasks'))
      context.print(report, () => renderTasks(report))
    })
}

function renderTasks({ process, processes, tasks }: TasksReport): string {
  const short = (id: string) => id.slice(0, 8)
  return [
    formatTable([
      ['process', 'host', 'pid', 'version', 'does', 'heartbeat'],
      ...processes.map((row) => [
        `${short(row.id)}${row.id === process ? ' *' : ''}`,
        toPlainText(row.host),
        String(row.pid),
        row.version,
        row.roles,
        row.heard_at,
      ]),
    ]),
    '',
    formatTable([
      ['task', 'process', 'state', 'left', 'time left', 'failed', 'why'],
      ...tasks.map((row) => [
        row.name,
        short(row.process),
        row.state,
        row.due === null ? '–' : String(row.due),
        row.seconds_left === null || row.seconds_left === 0 ? '–' : formatDuration(row.seconds_left),
        row.failures_in_a_row === 0 ? '–' : `${row.failures_in_a_row} in a row`,
        toPlainText(row.reason ?? row.last_error ?? ''),
      ]),
    ]),
  ].join('\n')
}
