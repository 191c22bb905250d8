/** @file Sidecars of other programs on real files: read, read again when they change, gone when they go, told from ours; hostile ones harm nothing. */
import { lstat, mkdtemp, readdir, readFile, readlink, rm, symlink, truncate, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import sharp from 'sharp'
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { refreshSearchDocument } from '../../../src/document/store.ts'
import { silentLog } from '../../../src/domain/log.ts'
import { createWriteBack } from '../../../src/edit/write-back.ts'
import { endExiftool } from '../../../src/media/exiftool.ts'
import { metadata } from '../../../src/pipeline/steps/metadata/step.ts'
import { openTestDatabase, type TestDatabase, truncateAll } from '../../support/database.ts'
import { openTestIngest, putFile, type TestIngest } from '../../support/ingest.ts'

let database: TestDatabase
let ingest: TestIngest
let folder: string
let source: number
let id: number

beforeAll(async () => {
  database = await openTestDatabase()
})
afterAll(async () => {
  await endExiftool()
  await database[Symbol.asyncDispose]()
})
beforeEach(async () => {
  await truncateAll(database.db)
  folder = await mkdtemp(join(tmpdir(), 'fototeca-sidecar-'))
  await putFile(
    folder,
    'a.jpg',
    await sharp({ create: { width: 90, height: 60, channels: 3, background: 'teal' } })
      .jpeg()
      .toBuffer(),
  )
  ingest = await openTestIngest(database.db, database.dataDir)
  source = (await ingest.addFolder(folder)).id
  return async () => {
    await ingest[Symbol.asyncDispose]()
    await rm(folder, { recursive: true, force: true })
  }
})

/** Scans, and reads the words of the photo again where the scan says so. @returns whether it did */
async function look(): Promise<boolean> {
  ingest.sidecars.length = 0
  await ingest.scan(source)
  id = ingest.fresh[0] ?? 0
  const isTold = ingest.sidecars.includes(id)
  if (isTold) await readAgain()
  return isTold
}
async function readAgain(): Promise<void> {
  const file = { format: 'jpeg', path: join(folder, 'a.jpg'), bounds: { root: folder, targets: [] }, modifiedMs: 0 }
  const found = await metadata.run?.({ file } as never)
  await database.db.transaction().execute(async (trx) => {
    await metadata.save(trx, id, found as never, { modelId: null })
    await trx.updateTable('photos').set({ state: 'completed', width: 90, height: 60 }).where('id', '=', id).execute()
    await refreshSearchDocument(trx, id)
  })
}
async function say() {
  const { db } = database
  const tags = await db.selectFrom('effective_tags').select('tag').where('photo_id', '=', id).orderBy('tag').execute()
  const facts = await db.selectFrom('effective_facts').select(['title', 'caption', 'rating']).where('photo_id', '=', id).executeTakeFirst()
  const row = await db.selectFrom('photo_metadata').select(['sidecar', 'face_regions']).where('photo_id', '=', id).executeTakeFirst()
  return { ...facts, tags: tags.map(({ tag }) => tag), people: row?.face_regions.map(({ name }) => name), sidecar: row?.sidecar ?? null }
}
let clock = Date.now() - 3_600_000
async function put(name: string, text: string | Buffer): Promise<void> {
  const path = join(folder, name)
  await writeFile(path, text)
  clock += 10_000
  await utimes(path, new Date(clock), new Date(clock))
}
const xmp = (body: string) => `<?xpacket begin="" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about=""
 xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmlns:lr="http://ns.adobe.com/lightroom/1.0/"
 xmlns:digiKam="http://www.digikam.org/ns/1.0/" xmlns:mwg-rs="http://www.metadataworkinggroup.com/schemas/regions/"
 xmlns:stDim="http://ns.adobe.com/xap/1.0/sType/Dimensions#" xmlns:stArea="http://ns.adobe.com/xmp/sType/Area#"
 xmlns:darktable="http://darktable.sf.net/" ${body}</rdf:Description></rdf:RDF></x:xmpmeta>`
const bag = (name: string, ...words: string[]) =>
  `<${name}><rdf:Bag>${words.map((word) => `<rdf:li>${word}</rdf:li>`).join('')}</rdf:Bag></${name}>`
const alt = (name: string, text: string) => `<${name}><rdf:Alt><rdf:li xml:lang="x-default">${text}</rdf:li></rdf:Alt></${name}>`
const LIGHTROOM = xmp(`xmp:Rating="4">${alt('dc:title', 'At the sea')}${alt('dc:description', 'Waves &amp; wind')}
  ${bag('dc:subject', 'Sea', 'Holiday')}${bag('lr:hierarchicalSubject', 'Places|Coast|Sea')}
  <mwg-rs:Regions rdf:parseType="Resource"><mwg-rs:AppliedToDimensions stDim:w="90" stDim:h="60" stDim:unit="pixel"/>
  <mwg-rs:RegionList><rdf:Bag><rdf:li><rdf:Description mwg-rs:Name="Ada" mwg-rs:Type="Face">
  <mwg-rs:Area stArea:x="0.5" stArea:y="0.5" stArea:w="0.2" stArea:h="0.3" stArea:unit="normalized"/></rdf:Description></rdf:li></rdf:Bag>
  </mwg-rs:RegionList></mwg-rs:Regions>`)

it('Lightroom’s, darktable’s and digiKam’s are read, read again when they change, and forgotten when they go', async () => {
  await put('a.xmp', LIGHTROOM)
  expect(await look()).toBe(true)
  expect(await say()).toMatchObject({
    ...{ title: 'At the sea', caption: 'Waves & wind', rating: 4, people: ['Ada'], sidecar: { files: ['a.xmp'], problem: null } },
    tags: ['coast', 'holiday', 'places', 'sea'],
  })
  expect(await look()).toBe(false)

  await put(
    'a.jpg.xmp',
    xmp(`xmp:Rating="2" darktable:xmp_version="5">${bag('dc:subject', 'dusk')}${bag('digiKam:TagsList', 'Light/Dusk')}`),
  )
  expect(await look()).toBe(true)
  expect(await say()).toMatchObject({ title: 'At the sea', rating: 2, sidecar: { files: ['a.jpg.xmp', 'a.xmp'] } })
  expect((await say()).tags).toEqual(['coast', 'dusk', 'holiday', 'light', 'places', 'sea'])

  await rm(join(folder, 'a.xmp'))
  expect(await look()).toBe(true)
  expect(await say()).toMatchObject({ title: null, rating: 2, people: [], tags: ['dusk', 'light'] })
  await rm(join(folder, 'a.jpg.xmp'))
  expect(await look()).toBe(true)
  expect(await say()).toMatchObject({ title: null, caption: null, rating: null, tags: [], sidecar: null })
  expect(await look()).toBe(false)
})

it('those in UTF-16 are read, with and without a mark, and refused for the same reasons', async () => {
  const bomb = xmp(`>${alt('dc:title', 'x')}`).replace('<x:xmpmeta', '<!DOCTYPE x [<!ENTITY a "haha">]><x:xmpmeta')
  const inBytes = (text: string, mark: string, isBig: boolean) => {
    const bytes = Buffer.from(mark + text, 'utf16le')
    return isBig ? bytes.swap16() : bytes
  }
  for (const isBig of [false, true]) {
    for (const mark of ['\uFEFF', '']) {
      const title = `Zürich 東京 ${isBig} ${mark.length}`
      const body = xmp(`xmp:Rating="3">${alt('dc:title', title)}${bag('dc:subject', 'Łódź')}`)
      // with a packet around it, as Adobe writes it, and without
      await put('a.xmp', inBytes(isBig ? body : body.slice(body.indexOf('<x:xmpmeta')), mark, isBig))
      expect(await look()).toBe(true)
      expect(await say()).toMatchObject({ title, rating: 3, tags: ['łódź'], sidecar: { problem: null } })
    }
    await put('a.xmp', inBytes(bomb, '\uFEFF', isBig))
    expect(await look()).toBe(true)
    expect(await say()).toMatchObject({ title: null, tags: [], sidecar: { problem: expect.stringContaining('declares entities') } })
  }
})

it('ours never come back as another program’s, and what others write into ours is theirs', async () => {
  const { db, dataDir } = database
  await put('a.jpg.xmp', xmp(`>${bag('dc:subject', 'Sea')}`))
  await look()
  await db.insertInto('photo_tags').values({ photo_id: id, tag: 'dog', said_by: 'model', confidence: 1 }).execute()
  await db.transaction().execute((trx) => refreshSearchDocument(trx, id))
  const writeBack = createWriteBack({ db, dataDir, mode: 'beside', log: silentLog, locate: (photo) => ingest.locate(photo) })
  await writeBack.step()
  const path = join(folder, 'a.jpg.xmp')
  const written = await readFile(path, 'utf8')
  expect(written).toContain('<rdf:li>dog</rdf:li>')
  // our own writing is no news, and read again for whatever reason it says nothing but what was theirs
  expect(await look()).toBe(false)
  await readAgain()
  expect((await say()).sidecar).toMatchObject({ keywords: ['Sea'], title: null })

  await put('a.jpg.xmp', written.replace('<rdf:li>dog</rdf:li>', '<rdf:li>dog</rdf:li><rdf:li>theirs</rdf:li>'))
  expect(await look()).toBe(true)
  expect((await say()).sidecar?.keywords.map((word) => word.toLowerCase()).sort()).toEqual(['sea', 'theirs'])
  await db.deleteFrom('photo_tags').where('said_by', '=', 'model').execute()
  await db.transaction().execute((trx) => refreshSearchDocument(trx, id))
  await writeBack.step()
  const again = await readFile(path, 'utf8')
  expect(again).not.toContain('dog')
  expect(again).toContain('theirs')
  expect(again).toMatch(/Sea/i)
})

it('one that is a link out of the folder is neither read nor written, and that is said; one within the folder is read', async () => {
  const { db, dataDir } = database
  const outside = await mkdtemp(join(tmpdir(), 'fototeca-outside-'))
  try {
    const foreign = join(outside, 'foreign.xmp')
    await writeFile(foreign, LIGHTROOM)
    await symlink(foreign, join(folder, 'a.jpg.xmp'))
    await look()
    await readAgain()
    expect(await say()).toMatchObject({ title: null, tags: [], sidecar: null })

    await db.insertInto('photo_tags').values({ photo_id: id, tag: 'dog', said_by: 'model', confidence: 1 }).execute()
    await db.transaction().execute((trx) => refreshSearchDocument(trx, id))
    const writeBack = createWriteBack({ db, dataDir, mode: 'beside', log: silentLog, locate: (photo) => ingest.locate(photo) })
    await writeBack.step()
    const { problem } = await db.selectFrom('sidecars').select('problem').executeTakeFirstOrThrow()
    expect(problem).toContain('a.jpg.xmp is a directory, or a link that leads out of the folder')
    expect(await readFile(foreign, 'utf8')).toBe(LIGHTROOM)
    expect(await readdir(outside)).toEqual(['foreign.xmp'])
    expect((await lstat(join(folder, 'a.jpg.xmp'))).isSymbolicLink()).toBe(true)
    expect((await readdir(folder)).sort()).toEqual(['a.jpg', 'a.jpg.xmp'])

    await rm(join(folder, 'a.jpg.xmp'))
    await put('of-all.xmp', LIGHTROOM)
    await symlink('of-all.xmp', join(folder, 'a.jpg.xmp'))
    expect(await look()).toBe(true)
    expect(await say()).toMatchObject({ title: 'At the sea', sidecar: { files: ['a.jpg.xmp'] } })
    expect(await readlink(join(folder, 'a.jpg.xmp'))).toBe('of-all.xmp')
  } finally {
    await rm(outside, { recursive: true, force: true })
  }
})

it('hostile ones say nothing, and why', async () => {
  const bomb = `<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "haha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>${xmp(`>${alt('dc:title', '&b;')}`)}`
  for (const [text, why] of [
    [bomb, 'declares entities'],
    ['not XML at all', 'is no XMP'],
    ['', 'is no XMP'],
  ] as const) {
    await put('a.xmp', text)
    expect(await look()).toBe(true)
    expect(await say()).toMatchObject({ title: null, tags: [], sidecar: { problem: expect.stringContaining(why) } })
  }
  await truncate(join(folder, 'a.xmp'), 100_000_000)
  await look()
  expect((await say()).sidecar?.problem).toContain('larger than')
  await put('a.xmp', LIGHTROOM.slice(0, 900)) // cut off
  await look()
  expect(await say()).toMatchObject({ tags: [], sidecar: { files: ['a.xmp'] } })
})
