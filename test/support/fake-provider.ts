/**
 * @file A local server that speaks what model servers speak (chat with pictures, embeddings, captions, pictures from text)
 * and goes wrong on demand in the ways they do.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface ProviderCall {
  /** 1 for the first request */
  readonly count: number
  readonly path: string
  readonly headers: IncomingMessage['headers']
  readonly bytes: Buffer
  /** the body as JSON; null when it is none */
  // biome-ignore lint/suspicious/noExplicitAny: tests read what they expect there
  readonly json: any
}

export type Trouble =
  /** e.g. 429 with `retry-after`; a JSON body that servers send with it */
  | { readonly kind: 'status'; readonly status: number; readonly headers?: Record<string, string>; readonly body?: unknown }
  /** no answer until the client gives up */
  | { readonly kind: 'silence' }
  /** the head and these many bytes come, then nothing more */
  | { readonly kind: 'stall'; readonly after: number }
  /** the connection dies after this many bytes of the body */
  | { readonly kind: 'cut'; readonly after: number }
  /** a body of this many bytes */
  | { readonly kind: 'huge'; readonly bytes: number }
  /** any body instead of the protocol's */
  | { readonly kind: 'body'; readonly body: string; readonly contentType?: string }

export interface FakeProvider extends AsyncDisposable {
  /** origin, e.g. `http://127.0.0.1:40001` */
  readonly url: string
  /** base of the OpenAI-compatible part */
  readonly openaiUrl: string
  /** of the caption server */
  readonly captionUrl: string
  readonly calls: ProviderCall[]
  /** what the next requests meet; null: answered as they should be */
  misbehave: ((call: ProviderCall) => Trouble | null) | null
  /** what the model says to a chat: text, or an object that is said as JSON */
  says: (call: ProviderCall) => string | object
  /** what the caption model says */
  caption: string
  usage: object | undefined
  /** numbers of a text, where a request names none */
  width: number
}

/** A whole answer as a good model gives it. */
export const GOOD_ANSWER = {
  primary_category: 'animals',
  tags: ['dog', 'beach', 'running', 'sea', 'sunset'],
  description: 'A brown dog runs along a beach at sunset.',
  alt_text: 'Brown dog running on a beach at sunset',
  detected_objects: [
    { name: 'dog', confidence: 0.97 },
    { name: 'sea', confidence: 0.8 },
  ],
  scene_type: 'action',
  suggested_cluster_name: 'Beach dogs',
  inspiration_prompt: 'Warm evening light, low horizon, a lively animal in motion, orange and blue.',
}

/** @param host another loopback address (127.0.0.2 …) tells it from its like in what the kernel saw */
export async function startFakeProvider(host = '127.0.0.1'): Promise<FakeProvider> {
  const calls: ProviderCall[] = []
  const open = new Set<ServerResponse>()

  const server = createServer((request, response) => {
    open.add(response)
    response.on('close', () => open.delete(response))
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const bytes = Buffer.concat(chunks)
      const call = { count: calls.length + 1, path: request.url ?? '', headers: request.headers, bytes, json: readJson(bytes) }
      calls.push(call)
      const trouble = provider.misbehave?.(call) ?? null
      const { body, type } =
        trouble?.kind === 'status' ? { body: JSON.stringify(trouble.body ?? {}), type: 'application/json' } : answer(call, trouble)
      if (trouble?.kind === 'silence') return
      response.writeHead(trouble?.kind === 'status' ? trouble.status : 200, {
        'content-type': type,
        'content-length': Buffer.byteLength(body),
        ...(trouble?.kind === 'status' ? trouble.headers : {}),
      })
      if (trouble?.kind === 'stall') return void response.write(Buffer.from(body).subarray(0, trouble.after))
      if (trouble?.kind === 'cut') return void response.write(Buffer.from(body).subarray(0, trouble.after), () => response.destroy())
      response.end(body)
    })
  })

  const answer = (call: ProviderCall, trouble: Trouble | null): { body: string | Buffer; type: string } => {
    if (trouble?.kind === 'huge') return { body: `{"choices":"${'x'.repeat(trouble.bytes)}"}`, type: 'application/json' }
    if (trouble?.kind === 'body') return { body: trouble.body, type: trouble.contentType ?? 'application/json' }
    if (call.path.endsWith('/chat/completions')) return json(sayChat(call))
    if (call.path.endsWith('/embeddings'))
      return json({
        data: call.json.input.map((text: string, index: number) => ({
          index,
          embedding: embed(text, call.json.dimensions ?? provider.width),
        })),
      })
    if (call.json?.inputs !== undefined && /FLUX/.test(call.path)) return { body: PNG, type: 'image/png' }
    if (call.path.startsWith('/hf-inference/')) return json([{ generated_text: provider.caption }])
    if (call.path === '/caption') return json({ caption: provider.caption })
    return json({ error: { message: `no ${call.path} here` } })
  }

  const sayChat = (call: ProviderCall): object => {
    const said = provider.says(call)
    return {
      id: 'chatcmpl-1',
      object: 'chat.completion',
      model: call.json?.model,
      choices: [
        {
          index: 0,
          finish_reason: 'stop',
          message: { role: 'assistant', content: typeof said === 'string' ? said : JSON.stringify(said) },
        },
      ],
      ...(provider.usage === undefined ? {} : { usage: provider.usage }),
    }
  }

  await new Promise<void>((resolve) => server.listen(0, host, resolve))
  const url = `http://${host}:${(server.address() as AddressInfo).port}`
  const provider: FakeProvider = {
    width: 8,
    url,
    openaiUrl: `${url}/v1`,
    captionUrl: `${url}/caption`,
    calls,
    misbehave: null,
    says: () => GOOD_ANSWER,
    caption: 'a brown dog running along a beach',
    usage: { prompt_tokens: 1200, completion_tokens: 180, total_tokens: 1380 },
    async [Symbol.asyncDispose]() {
      for (const response of open) response.destroy()
      server.closeAllConnections()
      await new Promise<void>((resolve) => server.close(() => resolve()))
    },
  }
  return provider
}

/** The smallest PNG: one pixel. */
const PNG = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==', 'base64')

function json(body: unknown): { body: string; type: string } {
  return { body: JSON.stringify(body), type: 'application/json' }
}

function readJson(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString('utf8'))
  } catch {
    return null
  }
}

/** Not of unit length, as servers may send it. */
function embed(text: string, width: number): number[] {
  return Array.from({ length: width }, (_, at) => 2 + Math.sin((text.charCodeAt(at % text.length) || 1) * (at + 1)))
}
