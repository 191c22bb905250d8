/** @file What is known of the test pictures, and a whole evaluation of a describer by it. */
import { describe, expect, it } from 'vitest'
import { run } from '../../../eval/describe.ts'
import { readCaptionedPictures, readClassifiedPictures, readLabelledPictures } from '../../../eval/describe-truth.ts'
import { startFakeProvider } from '../../support/fake-provider.ts'
import { noData } from '../../support/shared.ts'

describe.skipIf(noData)('the evaluation of describers', () => {
  it('has more pictures with a clear category than system C asks for', async () => {
    const all = [...(await readLabelledPictures()), ...(await readClassifiedPictures()), ...(await readCaptionedPictures(60))]
    expect(all.filter((known) => known.categories.length > 0).length).toBeGreaterThan(100)
    expect(all.filter((known) => known.things.length > 0).length).toBeGreaterThan(30)
    expect(all.filter((known) => known.agreed.length > 0).length).toBeGreaterThan(30)
  })

  it('asks the server that the settings name', async () => {
    await using server = await startFakeProvider()
    const settings = { FOTOTECA_DESCRIBE: 'own=some-model', FOTOTECA_DESCRIBE_URL: server.openaiUrl }
    const { metrics } = await run(settings, 20)
    expect(metrics).toMatchObject({ 'some-model whole_answers': 1 })
    expect(server.calls.length).toBeGreaterThan(5)
  })
})
