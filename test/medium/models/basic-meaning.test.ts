/** @file The built-in embedding model beside installed ones: it answers at once, gives way when another is full, and rests where it is switched off. */
import { expect, it } from 'vitest'
import type { SpeakingModel } from '../../../src/models/chosen/opened-models.ts'
import type { TextEmbedder } from '../../../src/models/ports/capability.ts'
import { chooseBasic } from '../../../src/models/spaces/basic-meaning.ts'
import { openModelLibrary } from '../../support/model-library.ts'

const library = openModelLibrary()

const info = { id: 'builtin/basic-meaning@00000000', provider: 'builtin', name: 'basic-meaning', version: '00000000', licence: 'for tests' }
const space = { name: `${info.id}/3`, width: 3, hasText: true }
const basicModel: SpeakingModel = {
  info,
  space,
  text: (): TextEmbedder => ({ info, space, embedText: async () => Float32Array.of(1, 0, 0), async [Symbol.asyncDispose]() {} }),
}
const on = (isOnly = false) => ({ kind: 'on' as const, model: basicModel, isOnly })

it('answers where nothing is installed, and says its terms before the first photo', async () => {
  const service = await library.create({ basic: on() })
  expect(service.active()).toMatchObject({ info: { name: 'basic-meaning' }, folder: null })
  expect([service.next(), service.notice(), service.shortNotice()]).toEqual([null, null, null])
  expect(service.firstNotice()[0]).toMatch(/^Search by meaning is Basic \(English, everyday scenes\).*non-commercial/)
  await library.embedPhotos(service.active()!, await library.addPhotos(2))
  expect(await service.servingSpace()).toMatchObject({ name: space.name })
  expect((await service.textEmbedder())?.space.name).toBe(space.name)
  // tags, copies and topics are not for it
  expect(await service.modelledSpace()).toBeNull()
})

it('goes on answering while an installed model fills its space, and is the one to roll back to afterwards', async () => {
  const service = await library.create({ basic: on() })
  const photos = await library.addPhotos(2)
  await library.embedPhotos(service.active()!, photos)
  await service.importFolder(await library.writeModel('mine'))
  expect([service.active()?.info.name, service.next()?.info.name]).toEqual(['basic-meaning', 'mine'])
  await library.embedPhotos(service.next()!, photos)
  await service.choose('embedding', { active: 'mine', next: null, previous: 'basic-meaning' })
  expect([service.active()?.info.name, service.next(), service.previous()]).toEqual(['mine', null, 'basic-meaning'])
  expect(await service.modelledSpace()).toMatchObject({ name: service.active()?.space.name })
  await service.checkUsable('basic-meaning').catch((error: unknown) => expect(error).toMatchObject({ code: 'not_found' })) // not in the catalogue of this test

  // switched off, its space is nobody’s; a choice of it rests
  await service.choose('embedding', { active: 'basic-meaning', previous: 'mine' })
  const off = await library.create({ basic: { kind: 'off' } })
  expect(off.active()?.info.name ?? null).not.toBe('basic-meaning')
})

it('has nothing to wait for in an empty library: the installed model answers at once', async () => {
  const service = await library.create({ basic: on() })
  await service.importFolder(await library.writeModel('mine'))
  expect([service.active()?.info.name, service.next()]).toEqual(['mine', null])
})

it('stays alone where that is wished', async () => {
  const service = await library.create({ basic: on(true) })
  await library.embedPhotos(service.active()!, await library.addPhotos(1))
  await service.importFolder(await library.writeModel('mine'))
  expect([service.active()?.info.name, service.next()]).toEqual(['basic-meaning', null])
})

it('asks the owner where products are kept, and says why it cannot be used', async () => {
  expect(await chooseBasic('auto', true)).toEqual({ kind: 'undecided' })
  expect(await chooseBasic('basic', true)).toMatchObject({ kind: 'on', isOnly: true })
  expect(await chooseBasic('auto', false)).toMatchObject({ kind: 'on', isOnly: false })
  expect(await chooseBasic('off', false)).toEqual({ kind: 'off' })
  const undecided = await library.create({ basic: { kind: 'undecided' } })
  expect(undecided.active()).toBeNull()
  expect(undecided.notice()).toMatch(/off because you keep product pictures.*FOTOTECA_MEANING to basic/)
  const broken = await library.create({ basic: { kind: 'broken', error: new Error('heads.bin is cut') } })
  expect(broken.notice()).toContain('the built-in one cannot be used: heads.bin is cut'.replace('the', 'The'))
})
