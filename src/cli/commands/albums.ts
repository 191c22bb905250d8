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
    .description('albums by hand and saved searches that fill themselves')
    .addHelpText(
      'after',
      "\nExamples:\n  fototeca albums create Norway --search 'fjord'\n  fototeca albums create Dogs --fill-by 'dog'\n  fototeca albums add Norway --ids 4,8\n  fototeca albums move Norway --ids 8 --before 4",
    )
  const print = (album: AlbumReport) => context.print(album, () => renderAlbums([album]))
  const printChange = (change: AlbumChange) => context.print(change, () => renderChange(change))
  albums
    .command('list')
    .description('albums and saved searches with how many photos are in them')
    .action(async () => {
      const answer = await context.withApi((api) => api.call('listAlbums'))
      context.print(answer, () => (answer.albums.length === 0 ? 'no albums yet' : renderAlbums(answer.albums)))
    })
  albums
    .command('show')
    .description('the photos of an album, in their order')
    .argument('<album>', 'its name or number')
    .option('--limit <n>', 'photos on a page', '60')
    .option('--cursor <cursor>', 'go on where the page before ended (its `next`)')
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
    .description('a new album: empty, with chosen photos, or filled by a search from now on')
    .argument('<name>')
    .option('--description <text>')
    .option('--in <album>', 'the album it lies in')
    .option('--ids <ids>', 'its first photos, by their numbers')
    .option('--search <words>', 'its first photos: all this search finds now')
    .option('--fill-by <words>', 'a saved search: what it finds, also later')
    .action(async (name: string, options: AlbumOptions) => {
      print(
        await context.withApi(async (api) => {
          const parent = options.in === undefined ? null : await findAlbumId(api, options.in)
          const photos = options.ids === undefined && options.search === undefined ? {} : { photos: toChoice(options) }
          const search = options.fillBy === undefined ? {} : { search: { q: options.fillBy } }
          return api.call('makeAlbum', { body: { name, description: options.description ?? '', parent_id: parent, ...photos, ...search } })
        }),
      )
    })
  albums
    .command('change')
    .description('another name, description, cover or place')
    .argument('<album>')
    .option('--name <name>')
    .option('--description <text>')
    .option('--in <album>', 'the album it lies in; an empty text: none')
    .option('--cover <id>', 'one of its photos; an empty text: the first ones')
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
    ['remove', 'takeFromAlbum', 'take photos out of an album; the photos stay'],
  ] as const)
    albums
      .command(verb)
      .description(help)
      .argument('<album>')
      .option('--ids <ids>', 'numbers of the photos')
      .option('--search <words>', 'all photos this search finds')
      .action(async (album: string, options: ChoiceOptions) => {
        const body = { photos: toChoice(options) }
        printChange(await context.withApi(async (api) => api.call(route, { params: { id: await findAlbumId(api, album) }, body })))
      })
  albums
    .command('move')
    .description('change the order: put photos before another one, or at the end')
    .argument('<album>')
    .requiredOption('--ids <ids>', 'numbers of the photos, in the order wanted')
    .option('--before <id>', 'the photo they come before')
    .action(async (album: string, options: { ids: string; before?: string }) => {
      const body = { ids: splitList(options.ids).map(Number), before: options.before === undefined ? null : Number(options.before) }
      printChange(await context.withApi(async (api) => api.call('moveInAlbum', { params: { id: await findAlbumId(api, album) }, body })))
    })
  albums
    .command('delete')
    .description('delete an album; its photos stay, and it can be undone for 30 days')
    .argument('<album>')
    .action(async (album: string) => {
      const answer = await context.withApi(async (api) => api.call('removeAlbum', { params: { id: await findAlbumId(api, album) } }))
      context.print(answer, () => `deleted; take it back with: fototeca edit undo ${answer.edit}`)
    })
  albums
    .command('similar')
    .description('an album of similar photos, another one on each call')
    .option('--photo <id>', 'like this photo; without it like one drawn at random')
    .option('--limit <n>', 'photos', '24')
    .option('--seed <n>', 'the same number gives the same album')
    .action(async (options: { photo?: string; limit: string; seed?: string }) => {
      const query = { photo_id: options.photo, limit: options.limit, seed: options.seed }
      const answer = await context.withApi((api) => api.call('similarAlbum', { query }))
      context.print(answer, () =>
        [
          `like ${toPlainText(answer.photo?.filename ?? 'nothing')} (--seed ${answer.seed})`,
          formatTable(answer.photos.map(({ photo, distance }) => [String(photo.id), distance.toFixed(3), toPlainText(photo.filename)])),
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
