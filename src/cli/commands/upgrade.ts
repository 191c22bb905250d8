/** @file fototeca upgrade: photos that are re-read by newer versions and models: how many, how long; pause, resume. */
import type { Command } from 'commander'
import type { CliContext } from '../context.ts'
import { describeUpgrade } from '../progress-view.ts'

const ACTIONS = {
  pause: { route: 'pauseUpgrade', description: 'pause re-analysis; new photos are still analysed, and old results stay in use' },
  resume: { route: 'resumeUpgrade', description: 'resume re-analysis, after new photos' },
} as const

export function addUpgrade(program: Command, context: CliContext): void {
  const upgrade = program
    .command('upgrade')
    .description('re-analysis after an upgrade or a change of model: progress, pause, resume')
    .addHelpText('after', '\nExamples:\n  fototeca upgrade\n  fototeca upgrade pause\n  fototeca upgrade resume')
  upgrade
    .command('status', { isDefault: true })
    .description('show how many photos are left and an estimate of the time')
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
