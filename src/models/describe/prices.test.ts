import { describe, expect, it } from 'vitest'
import type { Chat } from '../ports/chat.ts'
import { addUsage } from '../ports/usage.ts'
import { ProviderFailure } from '../providers/provider-failure.ts'
import { PRESETS } from './presets.ts'
import { estimateCost, findPrice, PRICES, priceChat } from './prices.ts'

const tokens = { inputTokens: 1_000_000, outputTokens: 500_000, cost: null, calls: 1 }
const price = { input: 0.15, output: 0.6, source: 'a test' }

describe('what a description costs where the server tells tokens alone', () => {
  it('is tokens times price, and told as an estimate', () => {
    expect(estimateCost(tokens, price).cost).toEqual({ amount: expect.closeTo(0.45, 10), currency: 'USD', isEstimated: true })
    expect(estimateCost({ ...tokens, inputTokens: null, outputTokens: null }, price).cost).toBeNull()
  })

  it('is what the server says, where it says it', () => {
    const told = { ...tokens, cost: { amount: 3, currency: 'EUR' } }
    expect(estimateCost(told, price)).toBe(told)
  })

  it('counts calls that failed after they were paid for', async () => {
    const chat: Chat = {
      host: 'api.example.com',
      ask: () => Promise.reject(new ProviderFailure('refused', 'no', { usage: tokens })),
      checkPresence: async () => '',
    }
    await expect(priceChat(chat, price).ask([], { maxTokens: 1 })).rejects.toMatchObject({
      kind: 'refused',
      usage: { cost: { isEstimated: true } },
    })
  })

  it('stays an estimate in a sum of which a part was estimated', () => {
    const sum = addUsage(estimateCost(tokens, price), { ...tokens, cost: { amount: 1, currency: 'USD' } })
    expect(sum?.cost).toEqual({ amount: expect.closeTo(1.45, 10), currency: 'USD', isEstimated: true })
  })
})

describe('prices', () => {
  const none = new Map<string, { input: number; output: number }>()
  it('are listed for models of presets that ask a service of others', () => {
    expect(findPrice('openai', 'gpt-4o-mini', 'gpt', 'api.openai.com', none)).toMatchObject({ input: 0.15, output: 0.6 })
    expect(findPrice('openai', 'gpt-unheard-of', 'gpt', 'api.openai.com', none)).toBeNull()
    const models = PRESETS.flatMap((preset) =>
      preset.kind === 'sees' && !['own', 'ollama'].includes(preset.service) ? [preset.model] : [],
    )
    for (const model of models) expect(PRICES.map((row) => row.model)).toContain(model)
    for (const { source } of PRICES) expect(source).toMatch(/, \w+ 20\d\d$/)
  })

  it('are nothing for a server of this machine, unless the settings say so', () => {
    expect(findPrice('openai', 'gpt-4o-mini', 'gpt', '127.0.0.1:8080', none)).toBeNull()
    const own = new Map([['gpt-4o-mini', { input: 1, output: 2 }]])
    expect(findPrice('openai', 'GPT-4o-mini', 'gpt', '127.0.0.1:8080', own)).toEqual({ input: 1, output: 2, source: 'your settings' })
    expect(findPrice('own', 'anything', 'own', 'gpu.lan', new Map([['own', { input: 0, output: 0 }]]))).toMatchObject({ output: 0 })
  })
})
