/** @file fototeca albums: list, make, fill, change, order, delete; saved searches; albums of similar photos. */
import type { Command } from 'commander'
import type { AlbumChange, AlbumReport } from '../../contract/albums.ts'
import { countOf } from '../../domain/count-of.ts'
import type { Api } from '../api.ts'
import { ApiError } from '../api.ts'
import type { CliContext } from '../context.ts'
import { formatTable, toPlainText } from '../format.ts'
import { splitList } from './categories.ts'

interface ChoiceOptions {
  readonly ids?: string
  readonly search?: string
}
interface AlbumOptions extends ChoiceOptions {
  readonly name?: string
  readonly description?: string
  readonly in?: string
  readonly fillBy?: string
  readonly cover?: string
}

export function addAlbums(program: Command, context: CliContext): void {
  const albums = program
    .command('albums')
    .description('manage albums and saved searches')
    .addHelpText(
      'after',
      "\nExamples:\n  fototeca albums create Norway --search 'fjord'\n  fototeca albums create Dogs --fill-by 'dog'\n" +
        '  fototeca albums add Norway --ids 4,8\n  fototeca albums move Norway --ids 8 --before 4',
    )
  const print = (album: AlbumReport) => context.print(album, () => renderAlbums([album]))
  const printChange = (change: AlbumChange) => context.print(change, () => renderChange(change))
  albums
    .command('list')
    .description('list albums and saved searches with their photo counts')
    .action(async () => {
      const answer = await context.withApi((api) => api.call('listAlbums'))
      context.print(answer, () => (answer.albums.length === 0 ? 'no albums yet' : renderAlbums(answer.albums)))
    })
  albums
    .command('show')
    .description('list the photos of an album in order')
    .argument('<album>', 'name or number of the album')
    .option('--limit <n>', 'photos per page', '60')
    .option('--cursor <cursor>', 'continue after the previous page (its `next`)')
    .action(async (album: string, { limit, cursor }: { limit: string; cursor?: string }) => {
      const page = await context.withApi(async (api) =>
        api.call('listAlbumPhotos', { params: { id: await findAlbumId(api, album) }, query: { limit, cursor } }),
      )
      context.print(page, () =>
        [
          formatTable(page.photos.map((photo) => [String(photo.id), photo.day, toPlainText(photo.filename)])),
          `${page.photos.length} of ${page.total}`,
          ...(page.next === null ? [] : [`more: --cursor ${page.next}`]),
        ].join('\n'),
      )
    })
  albums
    .command('create')
    .description('create an album: empty, with chosen photos, or as a saved search')
    .argument('<name>')
    .option('--description <text>')
    .option('--in <album>', 'parent album')
    .option('--ids <ids>', 'add these photos, by number')
    .option('--search <words>', 'add all photos this search finds now')
    .option('--fill-by <words>', 'make it a saved search: it always contains what this search finds')
    .action(async (name: string, options: AlbumOptions) => {
      print(
        await context.withApi(async (api) => {
          const parent = options.in === undefined ? null : await findAlbumId(api, options.in)
          const photos = options.ids === undefined && options.search === undefined ? {} : { photos: toChoice(options) }
          const search = options.fillBy === undefined ? {} : { search: { q: options.fillBy } }
          return api.call('createAlbum', {
            body: { name, description: options.description ?? '', parent_id: parent, ...photos, ...search },
          })
        }),
      )
    })
  albums
    .command('change')
    .description('change the name, description, cover, or parent')
    .argument('<album>')
    .option('--name <name>')
    .option('--description <text>')
    .option('--in <album>', 'parent album; an empty value removes it')
    .option('--cover <id>', 'photo shown as the cover; an empty value restores the default')
    .action(async (album: string, options: AlbumOptions) => {
      print(
        await context.withApi(async (api) => {
          const body = {
            ...(options.name === undefined ? {} : { name: options.name }),
            ...(options.description === undefined ? {} : { description: options.description }),
            ...(options.in === undefined ? {} : { parent_id: options.in === '' ? null : await findAlbumId(api, options.in) }),
            ...(options.cover === undefined ? {} : { cover_photo_id: options.cover === '' ? null : Number(options.cover) }),
          }
          return api.call('changeAlbum', { params: { id: await findAlbumId(api, album) }, body })
        }),
      )
    })
  for (const [verb, route, help] of [
    ['add', 'addToAlbum', 'put photos at the end of an album'],
    ['remove', 'removeFromAlbum', 'take photos out of an album; the photos stay'],
  ] as const)
    albums
      .command(verb)
      .description(help)
      .argument('<album>')
      .option('--ids <ids>', 'photo numbers')
      .option('--search <words>', 'all photos this search finds')
      .action(async (album: string, options: ChoiceOptions) => {
        const body = { photos: toChoice(options) }
        printChange(await context.withApi(async (api) => api.call(route, { params: { id: await findAlbumId(api, album) }, body })))
      })
  albums
    .command('move')
    .description('reorder: move photos before another photo, or to the end')
    .argument('<album>')
    .requiredOption('--ids <ids>', 'photo numbers in the new order')
    .option('--before <id>', 'the photo to put them before')
    .action(async (album: string, options: { ids: string; before?: string }) => {
      const body = { ids: splitList(options.ids).map(Number), before: options.before === undefined ? null : Number(options.before) }
      printChange(await context.withApi(async (api) => api.call('moveInAlbum', { params: { id: await findAlbumId(api, album) }, body })))
    })
  albums
    .command('delete')
    .description('delete an album; its photos stay, and you can undo this for 30 days')
    .argument('<album>')
    .action(async (album: string) => {
      const answer = await context.withApi(async (api) => api.call('removeAlbum', { params: { id: await findAlbumId(api, album) } }))
      context.print(answer, () => `deleted; take it back with: fototeca edit undo ${answer.edit}`)
    })
  albums
    .command('similar')
    .description('create albums of similar photos; each call gives different ones')
    .option('--photo <id>', 'photo to compare with, for one album; random ones by default')
    .option('--albums <n>', 'maximum number of albums', '4')
    .option('--limit <n>', 'photos in each', '24')
    .option('--seed <n>', 'random seed; the same seed gives the same albums')
    .action(async ({ photo: photo_id, ...options }: { photo?: string; albums: string; limit: string; seed?: string }) => {
      const answer = await context.withApi((api) => api.call('similarAlbums', { query: { photo_id, ...options } }))
      context.print(answer, () =>
        [
          ...answer.albums.flatMap(({ photo, photos }) => [
            `like ${toPlainText(photo.filename)}`,
            formatTable(photos.map((one) => [String(one.photo.id), one.distance.toFixed(3), toPlainText(one.photo.filename)])),
          ]),
          ...(answer.notice === null ? [] : [answer.notice]),
          `(--seed ${answer.seed})`,
        ].join('\n'),
      )
    })
}

function toChoice({ ids, search }: ChoiceOptions) {
  if (ids !== undefined) return { ids: splitList(ids).map(Number) }
  if (search === undefined) throw new ApiError(422, 'say which photos: --ids or --search', 'invalid')
  return { search: { q: search } }
}

/** By number, or by name where only one album has it. */
export async function findAlbumId(api: Api, album: string): Promise<number> {
  if (/^\d+$/.test(album)) return Number(album)
  const found = (await api.call('listAlbums')).albums.filter(({ name }) => name.toLowerCase() === album.toLowerCase())
  const [only] = found
  if (!only) throw new ApiError(404, `there is no album ${album}`, 'not_found')
  if (found.length > 1)
    throw new ApiError(
      422,
      `several albums are called ${album}: ${found.map(({ id }) => id).join(', ')}; say which by its number`,
      'invalid',
    )
  return only.id
}

function renderAlbums(albums: readonly AlbumReport[]): string {
  return formatTable(
    albums.map((album) =>
      [
        String(album.id),
        album.name,
        countOf(album.count, 'photo'),
        album.problem ?? (album.kind === 'by-search' ? `saved search: ${JSON.stringify(album.search)}` : album.description),
      ].map(toPlainText),
    ),
  )
}

function renderChange({ edit, what, asked, changed }: AlbumChange): string {
  return `${changed} of ${countOf(asked, 'photo')} ${what}${edit === null ? '' : `; take it back with: fototeca edit undo ${edit}`}`
}
