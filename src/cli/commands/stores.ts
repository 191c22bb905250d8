/** @file fototeca stores: list, verify, copy. */
import type { Command } from 'commander'
import { countOf } from '../../domain/count-of.ts'
import type { CliContext } from '../context.ts'
import { formatTable, toPlainText } from '../format.ts'

export function addStores(program: Command, context: CliContext): void {
  const stores = program.command('stores').description('where product pictures lie: list, verify, copy')
  stores
    .command('list')
    .description('the configured stores and what lies in them')
    .action(async () => {
      const answer = await context.withApi((api) => api.call('listStores'))
      context.print(answer, () =>
        formatTable(
          answer.stores.map((one) => [one.name, one.kind, `${one.stored} stored`, `${one.held} held`, `${one.trashed} in the trash`]),
        ),
      )
    })
  stores
    .command('verify')
    .description('is everything in the store that the library says, and nothing else')
    .argument('<store>')
    .option('--deep', 'read every picture and compare its sum')
    .option('--rows-of <store>', 'the store it is a copy of: hold it against the rows of that one')
    .action(async (name: string, { deep = false, rowsOf }: { deep?: boolean; rowsOf?: string }) => {
      const answer = await context.withApi((api) =>
        api.call('verifyStore', { params: { store: name }, body: { deep, ...(rowsOf === undefined ? {} : { rows_of: rowsOf }) } }),
      )
      context.print(answer, () =>
        [
          `${countOf(answer.pictures, 'picture')}: ${answer.missing.length} missing, ${answer.wrong.length} wrong, ${answer.unknown.length} unknown`,
          ...[...answer.missing, ...answer.wrong, ...answer.unknown].map((key) => toPlainText(`  ${key}`)),
        ].join('\n'),
      )
    })
  stores
    .command('copy')
    .description('every picture of a store into another')
    .argument('<from>')
    .argument('<to>')
    .action(async (from: string, to: string) => {
      const answer = await context.withApi((api) => api.call('copyStore', { params: { store: from }, body: { to } }))
      context.print(answer, () => `${answer.copied} copied, ${answer.there} there already, ${answer.failed.length} failed`)
    })
}
