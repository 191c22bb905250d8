/** @file fototeca products: list, pictures, add, check, show, set, mend, trash, restore, group, import, export. */
import { readFile } from 'node:fs/promises'
import { pipeline } from 'node:stream/promises'
import { type Command, Option } from 'commander'
import { type Mend, type Slot, WORD_FIELDS, type WordField } from '../../contract/product-words.ts'
import type { Product, ProductPicture } from '../../contract/products.ts'
import { ROUTES } from '../../contract/routes.ts'
import { countOf } from '../../domain/count-of.ts'
import { describeError } from '../../domain/errors.ts'
import type { Api } from '../api.ts'
import { type CliContext, Failed } from '../context.ts'
import { formatBytes, formatTable, toPlainText } from '../format.ts'
import { saveFile } from '../save-file.ts'
import { createUploadBody } from '../upload-body.ts'
import { splitList } from './categories.ts'

/** the most the API answers at once */
const PAGE = 200

interface StoreOption {
  readonly store?: string
}

type SetOptions = { sku?: string; slot?: Slot; reset?: string } & { [F in WordField]?: string }

export function addProducts(program: Command, context: CliContext): void {
  const products = program
    .command('products')
    .description('manage product pictures: contents, what is missing, marketplace readiness')
    .addHelpText(
      'after',
      '\nExamples:\n  fototeca products add ring_1.jpg ring_2.jpg --store alya\n  fototeca products group --apply\n  fototeca products mend 12 crop white',
    )
  const store = (command: Command) => command.option('--store <name>', 'a store named in FOTOTECA_STORES; by default the first')

  store(products.command('list').description('list products with their slots and what is missing')).action(async (options: StoreOption) => {
    const products = await context.withApi((api) =>
      readAll(async (skip) => {
        const page = await api.call('listProducts', { query: { store: options.store, skip, limit: PAGE } })
        return { rows: page.products, total: page.total }
      }),
    )
    context.print({ products, total: products.length }, () => formatTable(products.map(renderProduct)))
  })
  store(products.command('pictures').description('list product pictures, newest first'))
    .option('--state <state>', 'stored, held or trashed', 'stored')
    .action(async (options: StoreOption & { state: string }) => {
      const pictures = await context.withApi((api) =>
        readAll(async (skip) => {
          const page = await api.call('listPictures', { query: { store: options.store, state: options.state, skip, limit: PAGE } })
          return { rows: page.pictures, total: page.total }
        }),
      )
      context.print({ pictures, total: pictures.length }, () => formatTable(pictures.map(renderPicture)))
    })
  store(products.command('add').description('add pictures to a store unless they are already there').argument('<files...>'))
    .option('--no-check', 'add duplicates too')
    .action(async (files: string[], options: StoreOption & { check: boolean }) => {
      const query = { store: options.store, check_duplicate: options.check }
      await sendEach(context, files, (api, upload) => api.call('takePicture', { query, upload }), {
        row: ({ duplicate, kind, picture }) => [duplicate ? `there (${kind})` : picture.state, ...renderPicture(picture)],
        again: 'send them again; what is there already is left out',
      })
    })
  store(
    products
      .command('check')
      .description('check whether a picture is already in a store, and list similar ones; nothing is stored')
      .argument('<files...>'),
  )
    .option('--top-k <number>', 'number of similar pictures', '5')
    .action(async (files: string[], options: StoreOption & { topK: string }) => {
      const query = { store: options.store, top_k: options.topK }
      await sendEach(context, files, (api, upload) => api.call('checkPicture', { query, upload }), {
        row: ({ verdict, likes: [like] }) => [
          verdict,
          ...(like ? [like.kind ?? 'near', like.cosine_distance.toFixed(3), ...renderPicture(like.picture)] : []),
        ],
        again: 'check them again',
      })
    })
  products
    .command('show')
    .description('show a product picture with its grade and readiness')
    .argument('<id>')
    .action(async (id: string) => {
      const picture = await context.withApi((api) => api.call('getPicture', { params: { id } }))
      context.print(picture, () => renderReadiness(picture))
    })
  products
    .command('set')
    .description('set the product, slot, and texts of a picture')
    .argument('<id>')
    .option('--sku <sku>', 'the product')
    .option('--slot <slot>', 'main, angle, detail, on-model, dimension or lifestyle')
    .option('--name <text>', 'name')
    .option('--description <text>', 'description in one line')
    .option('--attributes <text>', 'attributes, e.g. material and type')
    .option('--colour <text>', 'colour of the product')
    .option('--prompt <text>', 'prompt for generated pictures')
    .option('--reset <fields>', `remove your text, comma-separated: ${WORD_FIELDS.join(', ')}`)
    .action(async (id: string, { sku, slot, reset, ...words }: SetOptions) => {
      const body = {
        ...(sku === undefined ? {} : { sku }),
        ...(slot === undefined ? {} : { slot }),
        ...(Object.keys(words).length === 0 ? {} : { words }),
        ...(reset === undefined ? {} : { reset: splitList(reset) as WordField[] }),
      }
      const picture = await context.withApi((api) => api.call('changePicture', { params: { id }, body }))
      context.print(picture, () => formatTable([renderPicture(picture)]))
    })
  products
    .command('mend')
    .description('make a corrected copy: crop, pad, white, resize, srgb, strip')
    .argument('<id>')
    .argument('<mends...>')
    .action(async (id: string, mends: Mend[]) => {
      const picture = await context.withApi((api) => api.call('mendPicture', { params: { id }, body: { mends } }))
      context.print(picture, () => renderReadiness(picture))
    })
  products
    .command('trash')
    .alias('reject')
    .description('move a picture to the trash, or reject a held one')
    .argument('<id>')
    .action(async (id: string) => {
      const picture = await context.withApi((api) => api.call('trashPicture', { params: { id } }))
      context.print(picture, () => formatTable([renderPicture(picture)]))
    })
  products
    .command('restore')
    .alias('approve')
    .description('restore a picture to its store, or approve a held one')
    .argument('<id>')
    .action(async (id: string) => {
      const picture = await context.withApi((api) => api.call('restorePicture', { params: { id } }))
      context.print(picture, () => formatTable([renderPicture(picture)]))
    })
  store(products.command('group').description('group pictures without a product'))
    .option('--by <how>', 'file-name, folder or look', 'file-name')
    .option('--apply', 'apply the changes; otherwise they are only shown')
    .action(async (options: StoreOption & { by: string; apply?: boolean }) => {
      const body = { store: options.store, by: options.by as 'file-name' | 'folder' | 'look', dry_run: options.apply !== true }
      const answer = await context.withApi((api) => api.call('groupPictures', { body }))
      context.print(answer, () =>
        formatTable(answer.groups.map(({ sku, pictures }) => [toPlainText(sku), countOf(pictures.length, 'picture')])),
      )
    })
  store(products.command('import').description('import products and slots from a CSV file').argument('<file>'))
    .option('--apply', 'apply the changes; otherwise they are only shown')
    .action(async (file: string, options: StoreOption & { apply?: boolean }) => {
      const body = { store: options.store, csv: await readFile(file, 'utf8'), dry_run: options.apply !== true }
      const answer = await context.withApi((api) => api.call('importProducts', { body }))
      context.print(answer, () =>
        [
          `${countOf(answer.rows, 'row')}: ${countOf(answer.products, 'product')}, ${countOf(answer.pictures, 'picture')}${answer.applied ? '' : ' (not applied; --apply does it)'}`,
          ...answer.errors.map(({ row, detail }) => `row ${row}: ${toPlainText(detail)}`),
        ].join('\n'),
      )
    })
  store(products.command('export').description('export a ZIP: pictures named for a marketplace, shop rows, and a manifest with hashes'))
    .addOption(new Option('--names <shop>', 'names and rows as it wants them').choices(['amazon', 'shopify']).default('amazon'))
    .option('--to <file>', 'output file; standard output by default')
    .action(async ({ store, names, to }: StoreOption & { names: string; to?: string }) => {
      const written = await context.withApi(async (api) => {
        const bytes = await api.fetchBytes(
          `${ROUTES.exportProducts.path}?${new URLSearchParams({ ...(store === undefined ? {} : { store }), names })}`,
        )
        return to === undefined ? pipeline(bytes, context.deps.stdout, { end: false }) : saveFile(bytes, to, context)
      })
      if (to !== undefined)
        context.print(
          { store: store ?? null, names, to, bytes: written },
          () => `${formatBytes(written ?? 0)} written to ${toPlainText(to)}`,
        )
    })
}

/** Every page of a list: hundreds of products are no surprise here. */
async function readAll<T>(read: (skip: number) => Promise<{ readonly rows: readonly T[]; readonly total: number }>): Promise<T[]> {
  const all: T[] = []
  for (;;) {
    const { rows, total } = await read(all.length)
    all.push(...rows)
    if (rows.length === 0 || all.length >= total) return all
  }
}

/** One file after the other: a failure is told and the next goes on, so that the same command can be run again. */
async function sendEach<T extends object>(
  context: CliContext,
  files: readonly string[],
  send: (api: Api, upload: ReturnType<typeof createUploadBody>) => Promise<T>,
  { row, again }: { readonly row: (answer: T) => readonly string[]; readonly again: string },
): Promise<void> {
  const { stderr, isTty } = context.deps
  const answers: ({ file: string } & (T | { error: string }))[] = []
  await context.withApi(async (api) => {
    for (const [at, file] of files.entries()) {
      if (isTty && files.length > 1) stderr.write(`\r${at + 1} of ${files.length}`)
      try {
        answers.push({ file, ...(await send(api, createUploadBody(file))) })
      } catch (error) {
        answers.push({ file, error: describeError(error) })
      }
    }
    if (isTty && files.length > 1) stderr.write('\n')
  })
  const failed = answers.flatMap((answer) => ('error' in answer ? [answer] : []))
  context.print(answers, () =>
    formatTable(
      answers.map((answer) => ('error' in answer ? ['failed', toPlainText(`${answer.file}: ${answer.error}`)] : [...row(answer)])),
    ),
  )
  if (failed.length === 0) return
  stderr.write(`${failed.length} of ${countOf(files.length, 'picture')} failed; ${again}\n`)
  throw new Failed()
}

const renderProduct = ({ sku, name, pictures, missing }: Product): string[] =>
  [sku, name ?? '', countOf(pictures.length, 'picture'), missing.length === 0 ? 'complete' : `missing: ${missing.join(', ')}`].map(
    toPlainText,
  )

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
  // a name that holds a line break is shown escaped; our own breaks stay
  return [head, ...reasons, ...profiles.flatMap((profile) => profile.split('\n'))].map(toPlainText).join('\n')
}
