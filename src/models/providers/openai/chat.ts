/** @file Chat with pictures on any OpenAI-compatible server; learns what this one does not take (schema mode, parameters) and remembers. */
import { z } from 'zod'
import type { AskOptions, Chat, ChatAnswer, ChatTurn } from '../../ports/chat.ts'
import type { Usage } from '../../ports/usage.ts'
import { failureOfStatus, readErrorText } from '../failure-of-status.ts'
import { ProviderFailure } from '../provider-failure.ts'
import { askProvider, type ProviderAnswer, readJsonBody, showUrl } from '../provider-request.ts'
import { checkModelListed } from './check-model-listed.ts'
import { type OpenAiServer, openAiUrl } from './server.ts'

/** From the strictest form of answer to none. */
const JSON_MODES = ['json_schema', 'json_object', 'plain'] as const
/** What a server was found to take. Newer models of OpenAI's own refuse `max_tokens` and any temperature. */
interface Manners {
  readonly jsonMode: (typeof JSON_MODES)[number]
  readonly tokenLimit: 'max_tokens' | 'max_completion_tokens'
  readonly hasTemperature: boolean
}

export function createOpenAiChat(server: OpenAiServer & { readonly temperature: number }): Chat {
  const url = openAiUrl(server.baseUrl, 'chat/completions')
  let manners: Manners = { jsonMode: 'json_schema', tokenLimit: 'max_tokens', hasTemperature: true }

  const post = (turns: readonly ChatTurn[], options: AskOptions, tried: Manners): Promise<ProviderAnswer> =>
    askProvider(url, {
      key: server.key,
      body: JSON.stringify(makeBody(server, turns, options, tried)),
      contentType: 'application/json',
      accept: 'application/json',
      limits: server.limits,
      idempotencyKey: options.nextKey?.(),
      signal: options.signal,
    })

  return {
    host: url.host,
    async ask(turns, options) {
      let tried = manners
      let answer = await post(turns, options, tried)
      let firstRefusal: ProviderFailure | null = null
      while (answer.status === 400 || answer.status === 422) {
        firstRefusal ??= failureOfStatus(answer, url)
        const next = adapt(tried, readErrorText(answer).text, options.schema !== undefined)
        // another form of asking does not make a refused or too large picture welcome
        if (next === null || firstRefusal.fault === 'photo') throw firstRefusal
        tried = next
        answer = await post(turns, options, tried)
      }
      if (answer.status !== 200) throw failureOfStatus(answer, url)
      const read = readChatAnswer(answer, url, server.model)
      manners = tried // only what worked is remembered
      return read
    },
    checkPresence: (signal) => checkModelListed(server, signal),
  }
}

/** @param said what the server complains of; when it does not say, the JSON mode is the likeliest cause */
function adapt(tried: Manners, said: string, hasSchema: boolean): Manners | null {
  if (/max_completion_tokens/.test(said) && tried.tokenLimit === 'max_tokens') return { ...tried, tokenLimit: 'max_completion_tokens' }
  if (/temperature/.test(said) && tried.hasTemperature) return { ...tried, hasTemperature: false }
  const weaker = JSON_MODES[JSON_MODES.indexOf(tried.jsonMode) + 1]
  return hasSchema && weaker !== undefined ? { ...tried, jsonMode: weaker } : null
}

function makeBody(
  { model, temperature }: { readonly model: string; readonly temperature: number },
  turns: readonly ChatTurn[],
  { schema, maxTokens }: AskOptions,
  manners: Manners,
): object {
  const responseFormat =
    schema === undefined || manners.jsonMode === 'plain'
      ? {}
      : manners.jsonMode === 'json_object'
        ? { response_format: { type: 'json_object' } }
        : { response_format: { type: 'json_schema', json_schema: { name: schema.name, strict: true, schema: schema.schema } } }
  return {
    model,
    messages: turns.map(({ role, text, jpeg }) => ({
      role,
      content: jpeg
        ? [
            { type: 'text', text },
            { type: 'image_url', image_url: { url: `data:image/jpeg;base64,${Buffer.from(jpeg).toString('base64')}` } },
          ]
        : text,
    })),
    [manners.tokenLimit]: maxTokens,
    ...(manners.hasTemperature ? { temperature } : {}),
    ...responseFormat,
    stream: false,
  }
}

const Count = z.number().int().nonnegative().nullish().catch(null)
const ChatBody = z.object({
  model: z.string().max(200).nullish().catch(null),
  choices: z
    .array(
      z.object({
        finish_reason: z.string().nullish().catch(null),
        message: z.object({
          content: z.union([z.string(), z.array(z.object({ text: z.string().nullish().catch(null) }))]).nullish(),
          refusal: z.string().nullish().catch(null),
        }),
      }),
    )
    .min(1),
  // `cost`: OpenRouter and some gateways, in US dollars
  usage: z
    .object({ prompt_tokens: Count, completion_tokens: Count, cost: z.number().nonnegative().nullish().catch(null) })
    .nullish()
    .catch(null),
})

function readChatAnswer(answer: ProviderAnswer, url: URL, model: string): ChatAnswer {
  const body = readJsonBody(answer, url)
  const parsed = ChatBody.safeParse(body)
  const choice = parsed.data?.choices[0]
  if (!parsed.success || !choice) {
    const { code, text } = readErrorText(answer)
    // gateways put the error of the server behind them into a 200
    if (text !== '') throw failureOfStatus(answer, url, Number(/\b[45]\d\d\b/.exec(code)?.[0] ?? 502))
    throw new ProviderFailure('unavailable', `${showUrl(url)} answers 200 without a chat answer in it; is it an OpenAI-compatible server?`)
  }
  const usage = readUsage(parsed.data.usage)
  if (choice.message.refusal || choice.finish_reason === 'content_filter')
    throw new ProviderFailure('refused', `${parsed.data.model ?? model} will not describe this picture`, { usage })
  const { content } = choice.message
  return {
    text: typeof content === 'string' ? content : (content ?? []).map((part) => part.text ?? '').join(''),
    isWhole: choice.finish_reason !== 'length',
    model: parsed.data.model || model,
    usage,
  }
}

function readUsage(usage: z.infer<typeof ChatBody>['usage']): Usage {
  return {
    inputTokens: usage?.prompt_tokens ?? null,
    outputTokens: usage?.completion_tokens ?? null,
    cost: typeof usage?.cost === 'number' ? { amount: usage.cost, currency: 'USD' } : null,
    calls: 1,
  }
}
