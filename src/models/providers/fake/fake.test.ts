import { describe, expect, it } from 'vitest'
import { DESCRIPTION_LIMITS } from '../../../domain/description.ts'
import { ProviderFailure } from '../provider-failure.ts'
import { createFakeDescriber } from './index.ts'

const picture = { jpeg: Buffer.from('any bytes'), width: 4, height: 3 }

describe('the fake describer', () => {
  it('says the same of the same picture, and something else under another name', async () => {
    const first = await createFakeDescriber().describe(picture)
    expect((await createFakeDescriber().describe(picture)).description).toEqual(first.description)
    expect((await createFakeDescriber({ name: 'other' }).describe(picture)).description).not.toEqual(first.description)
    expect(first.description.tags.length).toBeGreaterThanOrEqual(DESCRIPTION_LIMITS.tagsAsked)
  })

  it('fails and stops as told', async () => {
    const failure = new ProviderFailure('rate-limited', 'try later', { retryAfterMs: 1000 })
    const describer = createFakeDescriber({ delayMs: 60_000, answer: () => failure })
    await expect(describer.describe(picture, { signal: AbortSignal.abort(new Error('stopped')) })).rejects.toThrow('stopped')
    const quick = createFakeDescriber({ answer: (_, count) => (count === 1 ? failure : { fallbackUsed: true }) })
    await expect(quick.describe(picture)).rejects.toMatchObject({
      kind: 'rate-limited',
      fault: 'provider',
      retryAfterMs: 1000,
      status: 503,
    })
    expect((await quick.describe(picture)).fallbackUsed).toBe(true)
  })
})
