/** @file fototeca upgrade: photos that are re-read by newer versions and models: how many, how long; pause, resume. */
import type { Command } from 'commander'
import type { CliContext } from '../context.ts'
import { describeUpgrade } from '../progress-view.ts'

const ACTIONS = {
  pause: { route: 'pauseUpgrade', description: 'begin none of them for now; new photos go on, and old results serve' },
  resume: { route: 'resumeUpgrade', description: 'go on with them, behind new photos' },
} as const

export function addUpgrade(program: Command, context: CliContext): void {
  const upgrade = program
    .command('upgrade')
    .description('photos that are re-read by a newer version or another model: how many, how long; pause or resume it')
    .addHelpText('after', '\nExamples:\n  fototeca upgrade\n  fototeca upgrade pause\n  fototeca upgrade resume')
  upgrade
    .command('status', { isDefault: true })
    .description('how many photos are left, and about how long they take')
    .action(async () => {
      const { upgrade: report } = await context.withApi((api) => api.call('getProgress'))
      context.print(report, () => describeUpgrade(report))
    })
  for (const [name, { route, description }] of Object.entries(ACTIONS))
    upgrade
      .command(name)
      .description(description)
      .action(async () => {
        const report = await context.withApi((api) => api.call(route))
        context.print(report, () => describeUpgrade(report))
      })
}
