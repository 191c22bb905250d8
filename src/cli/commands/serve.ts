/** @file fototeca serve: indexes folders in place, watches them, and serves page and API. */
import type { Command } from 'commander'
import type { CliContext } from '../context.ts'

export function addServe(program: Command, context: CliContext): void {
  program
    .command('serve')
    .description('serve the page and the API; index the folders in place and go on watching them')
    .argument('[folders...]', 'folders with pictures; they are only read')
    .addHelpText('after', '\nExamples:\n  fototeca serve ~/Pictures\n  FOTOTECA_PORT=9000 fototeca serve /mnt/photos /mnt/scans')
    .action(async (folders: string[]) => {
      await context.deps.serve(context.config(), { folders, json: context.isJson() })
    })
}
