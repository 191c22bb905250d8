/** @file fototeca serve: indexes folders in place, watches them, and serves page and API. */
import type { Command } from 'commander'
import type { CliContext } from '../context.ts'

/** Given several times, it collects. */
export const FOLLOW_LINKS = [
  '--follow-links <target>',
  'a folder outside that links in these folders may lead to (repeatable); other links out of them are skipped',
  (target: string, before: string[] = []) => [...before, target],
] as const

export function addServe(program: Command, context: CliContext): void {
  program
    .command('serve')
    .description('start the server (web page and API); index folders in place and watch them')
    .argument('[folders...]', 'folders with pictures; they are only read, never changed')
    .option(...FOLLOW_LINKS)
    .addHelpText(
      'after',
      '\nExamples:\n  fototeca serve ~/Pictures\n  fototeca serve ~/Pictures --follow-links /mnt/archive\n  FOTOTECA_PORT=9000 fototeca serve /mnt/photos /mnt/scans',
    )
    .action(async (folders: string[], { followLinks }: { followLinks?: string[] }) => {
      await context.deps.serve(context.config(), { folders, followLinks, json: context.isJson() })
    })
}
