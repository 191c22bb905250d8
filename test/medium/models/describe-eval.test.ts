import { expect, it } from 'vitest'
import { evaluateDescriber, run } from '../../../eval/describe.ts'
import type { KnownPicture } from '../../../eval/describe-truth.ts'
import { loadConfig } from '../../../src/config/load.ts'
import { openDescriber } from '../../../src/models/describe/open-describer.ts'
import { createFakeDescriber } from '../../../src/models/providers/fake/index.ts'
import { ProviderFailure } from '../../../src/models/providers/provider-failure.ts'
import { startFakeProvider } from '../../support/fake-provider.ts'
import { photoPath } from '../../support/pictures.ts'

it('says so, and measures nothing, when no provider is configured', async () => {
  expect(await run({})).toMatchObject({ metrics: {}, notes: [expect.stringMatching(/SKIPPED.*FOTOTECA_DESCRIBE/)] })
})

const PICTURES: readonly KnownPicture[] = [
  { path: photoPath('cat'), categories: ['animals'], things: [['cat', 'kitten']], agreed: ['cat', 'whisker'] },
  { path: photoPath('nuthatch'), categories: ['animals'], things: [['bird']], agreed: ['bird', 'tree'] },
  { path: photoPath('coffee'), categories: ['food', 'objects'], things: [['cup', 'mug'], ['spoon']], agreed: ['coffee', 'cup'] },
  { path: photoPath('astronaut'), categories: ['people'], things: [['person', 'woman']], agreed: ['astronaut', 'woman'] },
  { path: photoPath('wine'), categories: [], things: [['bottle'], ['wine glass', 'glass']], agreed: [] },
]

it('gives full marks to one who knows, few to one who makes things up, and none when the provider fails', async () => {
  const pictures = PICTURES
  const knows = createFakeDescriber({
    name: 'oracle',
    answer: (_, count) => {
      const known = pictures[count - 1]
      const description = {
        primaryCategory: known?.categories[0] ?? null,
        tags: known?.things.map((ways) => ways.at(-1) ?? '') ?? [],
        description: known?.agreed.join(' ') ?? '',
      }
      return {
        description: {
          ...description,
          altText: null,
          detectedObjects: [],
          sceneType: null,
          suggestedClusterName: null,
          inspirationPrompt: null,
        },
      }
    },
  })
  expect((await evaluateDescriber(knows, pictures)).metrics).toEqual({
    'oracle category_accuracy': 1,
    'oracle thing_recall': 1,
    'oracle tags_thing_recall': 1,
    'oracle objects_thing_recall': 0,
    'oracle agreed_word_recall': 1,
    'oracle description_word_recall': 1,
    'oracle alt_text_word_recall': 0,
    'oracle whole_answers': 1,
  })
  const invents = await evaluateDescriber(createFakeDescriber(), pictures)
  expect(invents.metrics['fake category_accuracy']).toBeLessThan(0.5)
  expect(invents.metrics['fake thing_recall']).toBe(0)
  const fails = createFakeDescriber({ answer: (_, count) => (count === 3 ? new ProviderFailure('unavailable', 'gone') : {}) })
  expect(await evaluateDescriber(fails, pictures)).toMatchObject({
    metrics: {},
    notes: [expect.stringContaining('after 2 pictures: gone')],
  })
})

it('measures any server that speaks OpenAI’s protocol, named by settings alone', async () => {
  await using server = await startFakeProvider()
  const settings = loadConfig({ FOTOTECA_DESCRIBE: 'own=some-model', FOTOTECA_DESCRIBE_URL: server.openaiUrl })
  await using describer = openDescriber(settings.describe!, settings)
  const { metrics, notes } = await evaluateDescriber(describer, PICTURES)
  expect(metrics).toMatchObject({ 'some-model whole_answers': 1, 'some-model alt_text_word_recall': expect.any(Number) })
  expect(metrics['some-model category_accuracy']).toBeLessThan(1) // it says “animals” of everything
  expect(notes[0]).toContain('own/some-model@own, one-call')
  expect(server.calls.length).toBe(PICTURES.length)
  expect(server.calls.every(({ path, json }) => path.endsWith('/chat/completions') && json.model === 'some-model')).toBe(true)
})
