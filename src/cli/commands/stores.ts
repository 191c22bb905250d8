/** @file fototeca stores: list, verify, copy. */
import type { Command } from 'commander'
import { countOf } from '../../domain/count-of.ts'
import type { CliContext } from '../context.ts'
import { formatTable, toPlainText } from '../format.ts'

export function addStores(program: Command, context: CliContext): void {
  const stores = program.command('stores').description('manage stores of product pictures: list, verify, copy')
  stores
    .command('list')
    .description('list configured stores and their contents')
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
    .description('check that a store contains exactly what the library expects')
    .argument('<store>')
    .option('--deep', 'read every picture and verify its checksum')
    .option('--rows-of <store>', 'compare with the records of this store, of which it is a copy')
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
    .description('copy every picture from one store to another')
    .argument('<from>')
    .argument('<to>')
    .action(async (from: string, to: string) => {
      const answer = await context.withApi((api) => api.call('copyStore', { params: { store: from }, body: { to } }))
      context.print(answer, () => `${answer.copied} copied, ${answer.there} there already, ${answer.failed.length} failed`)
    })
}
