/** @file What models on servers cost per token, for servers that tell tokens and no cost: an estimate, and told as one. */
import { isLoopbackHost } from '../../config/loopback.ts'
import type { Chat } from '../ports/chat.ts'
import type { Price, Usage } from '../ports/usage.ts'
import { ProviderFailure } from '../providers/provider-failure.ts'
import type { ServiceName } from './presets.ts'

/** Tokens are counted by the thousand thousand. */
const MILLION = 1_000_000

interface ListedPrice extends Price {
  readonly service: ServiceName
  readonly model: string
}

/**
 * List prices of the presets’ models: no discounts for caches or batches. The router bills what the chosen provider takes, so its row is
 * the least sure. Prices change: `FOTOTECA_DESCRIBE_PRICES` wins over these.
 */
export const PRICES: readonly ListedPrice[] = [
  { service: 'openai', model: 'gpt-4o-mini', input: 0.15, output: 0.6, source: 'openai.com/api/pricing, June 2026' },
  { service: 'gemini', model: 'gemini-2.0-flash', input: 0.1, output: 0.4, source: 'ai.google.dev/pricing, March 2026' },
  { service: 'gemini', model: 'gemini-2.5-flash-lite', input: 0.1, output: 0.4, source: 'ai.google.dev/pricing, March 2026' },
  { service: 'huggingface', model: 'Qwen/Qwen3-VL-8B-Instruct', input: 0.08, output: 0.5, source: 'list of llm-prices, May 2026' },
]

/** By preset or model id, as `FOTOTECA_DESCRIBE_PRICES` has them. */
export type OwnPrices = ReadonlyMap<string, { readonly input: number; readonly output: number }>

/**
 * @param host of the server: one on this machine costs nothing that is listed, whatever its model is called
 * @returns null where no price is known
 */
export function findPrice(service: ServiceName, model: string, preset: string, host: string, own: OwnPrices): Price | null {
  const set = own.get(model.toLowerCase()) ?? own.get(preset.toLowerCase())
  if (set) return { ...set, source: 'your settings' }
  if (isLoopbackHost(host.replace(/:\d+$/, ''))) return null
  const listed = PRICES.find((row) => row.service === service && row.model.toLowerCase() === model.toLowerCase())
  return listed ? { input: listed.input, output: listed.output, source: listed.source } : null
}

/** The same usage with a cost where the server told tokens alone. What it told itself stands. */
export function estimateCost(usage: Usage, price: Price): Usage {
  if (usage.cost !== null || (usage.inputTokens === null && usage.outputTokens === null)) return usage
  const amount = ((usage.inputTokens ?? 0) * price.input + (usage.outputTokens ?? 0) * price.output) / MILLION
  return { ...usage, cost: { amount, currency: 'USD', isEstimated: true } }
}

/** The same chat; failed calls that told their tokens cost too. */
export function priceChat(chat: Chat, price: Price | null): Chat {
  if (price === null) return chat
  return {
    ...chat,
    async ask(turns, options) {
      try {
        const answer = await chat.ask(turns, options)
        return { ...answer, usage: estimateCost(answer.usage, price) }
      } catch (error) {
        throw error instanceof ProviderFailure && error.usage !== null ? error.withSpent(estimateCost(error.usage, price)) : error
      }
    },
  }
}
