/** @file fototeca spaces: which embedding space answers, how far others are filled; pause, switch, roll back, drop. */
import type { Command } from 'commander'
import type { SpaceReport } from '../../contract/library.ts'
import { countOf } from '../../domain/count-of.ts'
import type { CliContext } from '../context.ts'
import { formatTable, toPlainText } from '../format.ts'

const ACTIONS = {
  use: { route: 'useSpace', description: 'search in this space from now on, even if it is incomplete' },
  pause: { route: 'pauseSpace', description: 'pause filling a space' },
  resume: { route: 'resumeSpace', description: 'resume filling a space; failed photos are retried' },
} as const

export function addSpaces(program: Command, context: CliContext): void {
  const spaces = program
    .command('spaces')
    .description('embedding spaces: a new model fills its own beside the active one')
    .addHelpText('after', '\nExamples:\n  fototeca spaces\n  fototeca spaces pause 3\n  fototeca spaces roll-back')
  spaces
    .command('list', { isDefault: true })
    .description('list spaces: which one is active, which one is being filled, and progress')
    .action(async () => {
      const answer = await context.withApi((api) => api.call('listSpaces'))
      context.print(answer, () => renderSpaces(answer.spaces))
    })
  for (const [name, { route, description }] of Object.entries(ACTIONS))
    spaces
      .command(name)
      .description(description)
      .argument('<id>', 'space, as listed by `fototeca spaces`')
      .action(async (id: string) => {
        const space = await context.withApi((api) => api.call(route, { params: { id } }))
        context.print(space, () => renderSpaces([space]))
      })
  spaces
    .command('roll-back')
    .description('go back to the previously active space')
    .action(async () => {
      const space = await context.withApi((api) => api.call('rollBackSpace'))
      context.print(space, () => renderSpaces([space]))
    })
  spaces
    .command('drop')
    .description('delete the vectors of a space that is not active')
    .argument('<id>', 'space, as listed by `fototeca spaces`')
    .action(async (id: string) => {
      const answer = await context.withApi((api) => api.call('dropSpace', { params: { id } }))
      context.print(answer, () => `${toPlainText(answer.dropped)} is dropped`)
    })
}

function renderSpaces(spaces: readonly SpaceReport[]): string {
  if (spaces.length === 0) return 'no photo was embedded yet'
  return formatTable(
    spaces
      .map((space) => [
        String(space.id),
        space.name,
        space.is_previous ? `${space.state}, answered before` : space.state,
        `${countOf(space.vectors, 'photo')}${space.owed === 0 ? '' : `, ${space.owed} to go`}`,
        space.reason ?? (space.model === null && space.state === 'kept' ? 'its model is not installed' : ''),
      ])
      .map((row) => row.map(toPlainText)),
  )
}
