/** @file fototeca products: list, add, show, set, mend, group, import. fototeca stores: list, verify, copy. */
import { readFile } from 'node:fs/promises'
import type { Command } from 'commander'
import type { Mend, Slot } from '../../contract/product-words.ts'
import type { Product, ProductPicture } from '../../contract/products.ts'
import type { CliContext } from '../context.ts'
import { formatTable, toPlainText } from '../format.ts'
import { createUploadBody } from '../upload-body.ts'

interface StoreOption {
  readonly store?: string
}

export function addProducts(program: Command, context: CliContext): void {
  const products = program
    .command('products')
    .description('product pictures: what there is, what is missing, whether marketplaces take them')
    .addHelpText(
      'after',
      '\nExamples:\n  fototeca products add ring_1.jpg ring_2.jpg --store alya\n  fototeca products group --apply\n  fototeca products mend 12 crop white',
    )
  const store = (command: Command) => command.option('--store <name>', 'a store of FOTOTECA_STORES', 'alya')

  store(products.command('list').description('products with their slots, and what is missing')).action(async (options: StoreOption) => {
    const answer = await context.withApi((api) => api.call('listProducts', { query: { ...options, limit: 200 } }))
    context.print(answer, () => formatTable(answer.products.map(renderProduct)))
  })
  store(products.command('pictures').description('product pictures, newest first'))
    .option('--state <state>', 'stored, held or trashed', 'stored')
    .action(async (options: StoreOption & { state: string }) => {
      const answer = await context.withApi((api) =>
        api.call('listPictures', { query: { store: options.store, state: options.state, limit: 200 } }),
      )
      context.print(answer, () => formatTable(answer.pictures.map(renderPicture)))
    })
  store(products.command('add').description('take pictures into a store, unless they are there').argument('<files...>'))
    .option('--no-check', 'take duplicates too')
    .action(async (files: string[], options: StoreOption & { check: boolean }) => {
      const answers = await context.withApi(async (api) => {
        const all = []
        for (const file of files)
          all.push(
            await api.call('takePicture', {
              query: { store: options.store, check_duplicate: options.check },
              upload: createUploadBody(file),
            }),
          )
        return all
      })
      context.print(answers, () =>
        formatTable(
          answers.map(({ duplicate, kind, picture }) => [duplicate ? `there (${kind})` : picture.state, ...renderPicture(picture)]),
        ),
      )
    })
  products
    .command('show')
    .description('a product picture with its grade and readiness')
    .argument('<id>')
    .action(async (id: string) => {
      const picture = await context.withApi((api) => api.call('getPicture', { params: { id } }))
      context.print(picture, () => renderReadiness(picture))
    })
  products
    .command('set')
    .description('which product a picture shows, and in which slot')
    .argument('<id>')
    .option('--sku <sku>', 'the product')
    .option('--slot <slot>', 'main, angle, detail, on-model, dimension or lifestyle')
    .action(async (id: string, { sku, slot }: { sku?: string; slot?: Slot }) => {
      const body = { ...(sku === undefined ? {} : { sku }), ...(slot === undefined ? {} : { slot }) }
      const picture = await context.withApi((api) => api.call('changePicture', { params: { id }, body }))
      context.print(picture, () => formatTable([renderPicture(picture)]))
    })
  products
    .command('mend')
    .description('a new picture by mends that make nothing up: crop, pad, white, resize, srgb, strip')
    .argument('<id>')
    .argument('<mends...>')
    .action(async (id: string, mends: Mend[]) => {
      const picture = await context.withApi((api) => api.call('mendPicture', { params: { id }, body: { mends } }))
      context.print(picture, () => renderReadiness(picture))
    })
  products
    .command('trash')
    .description('take a picture out of its store')
    .argument('<id>')
    .action(async (id: string) => {
      const picture = await context.withApi((api) => api.call('trashPicture', { params: { id } }))
      context.print(picture, () => formatTable([renderPicture(picture)]))
    })
  products
    .command('restore')
    .description('put a picture back into its store, or let a held one pass')
    .argument('<id>')
    .action(async (id: string) => {
      const picture = await context.withApi((api) => api.call('restorePicture', { params: { id } }))
      context.print(picture, () => formatTable([renderPicture(picture)]))
    })
  store(products.command('group').description('group pictures of no product'))
    .option('--by <how>', 'file-name or look', 'file-name')
    .option('--apply', 'do it; otherwise it is only told')
    .action(async (options: StoreOption & { by: string; apply?: boolean }) => {
      const body = { store: options.store, by: options.by as 'file-name', dry_run: options.apply !== true }
      const answer = await context.withApi((api) => api.call('groupPictures', { body }))
      context.print(answer, () => formatTable(answer.groups.map(({ sku, pictures }) => [toPlainText(sku), `${pictures.length} pictures`])))
    })
  store(products.command('import').description('products and slots from a CSV file').argument('<file>'))
    .option('--apply', 'do it; otherwise it is only told')
    .action(async (file: string, options: StoreOption & { apply?: boolean }) => {
      const body = { store: options.store, csv: await readFile(file, 'utf8'), dry_run: options.apply !== true }
      const answer = await context.withApi((api) => api.call('importProducts', { body }))
      context.print(answer, () =>
        [
          `${answer.rows} rows: ${answer.products} products, ${answer.pictures} pictures${answer.applied ? '' : ' (not applied; --apply does it)'}`,
          ...answer.errors.map(({ row, detail }) => `row ${row}: ${toPlainText(detail)}`),
        ].join('\n'),
      )
    })

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
    .action(async (name: string, options: { deep?: boolean }) => {
      const answer = await context.withApi((api) =>
        api.call('verifyStore', { params: { store: name }, body: { deep: options.deep === true } }),
      )
      context.print(answer, () =>
        [
          `${answer.pictures} pictures: ${answer.missing.length} missing, ${answer.wrong.length} wrong, ${answer.unknown.length} unknown`,
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

const renderProduct = ({ sku, name, pictures, missing }: Product): string[] =>
  [sku, name ?? '', `${pictures.length} pictures`, missing.length === 0 ? 'complete' : `missing: ${missing.join(', ')}`].map(toPlainText)

const renderPicture = (picture: ProductPicture): string[] =>
  [String(picture.id), picture.sku ?? '', picture.slot ?? '', picture.grade ?? '', picture.colour ?? '', picture.display_name].map(
    toPlainText,
  )

function renderReadiness(picture: ProductPicture): string {
  const head = formatTable([renderPicture(picture)])
  const reasons = picture.grade_reasons.map(({ what, measured }) => `  ${what}: ${measured}`)
  const profiles = picture.readiness.map(
    ({ title, status, checks }) =>
      `${title}: ${status}\n${checks
        .filter((check) => check.status !== 'pass')
        .map(
          (check) =>
            `  ${check.status.padEnd(7)} ${check.rule}: ${check.measured}; wanted: ${check.wants}${check.mend ? ` (mend: ${check.mend})` : ''}`,
        )
        .join('\n')}`,
  )
  return toPlainText([head, ...reasons, ...profiles].join('\n'))
}
