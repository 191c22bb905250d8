/** @file Server-sent events: what changed, for as long as somebody listens. Browsers come back by themselves when it ends. (ADR 93) */
import { Readable } from 'node:stream'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Changes } from '../background/changes.ts'
import type { Changed, ChangeTopic } from '../contract/events.ts'

/** What changes within so long is one event; the first is told at once. */
const EVERY_MS = 500
/** Proxies end connections on which nothing comes for a minute. */
const BEAT_MS = 20_000
/** Who may listen is found out anew each time. */
const LIFE_MS = 600_000
/** A browser waits so long before it comes back. */
const RETRY_MS = 2000

const open = new WeakMap<FastifyInstance, Set<Readable>>()

/** Streams end when the server does: it would wait for them. */
export function addEventStreams(app: FastifyInstance): void {
  const streams = new Set<Readable>()
  open.set(app, streams)
  app.addHook('preClose', (done) => {
    for (const stream of streams) stream.push(null)
    done()
  })
}

export function sendEvents({ server, method, isStillIn }: FastifyRequest, reply: FastifyReply, changes: Changes): FastifyReply {
  void reply.headers({ 'content-type': 'text/event-stream', 'cache-control': 'no-store, no-transform', 'x-accel-buffering': 'no' })
  if (method === 'HEAD') return reply.send()
  const stream = new Readable({ read() {} })
  const streams = open.get(server)
  const changed = new Set<ChangeTopic>()
  let timer: NodeJS.Timeout | undefined
  const say = () => {
    timer = undefined
    if (changed.size === 0) return
    timer = setTimeout(say, EVERY_MS).unref()
    void tell()
  }
  const tell = async () => {
    // who was signed out meanwhile is told nothing more
    if (!(await isStillIn().catch(() => true))) return void stream.push(null)
    // a client that does not read is told of all of it at once when it does
    if (stream.destroyed || stream.readableEnded || changed.size === 0 || stream.readableLength > 0) return
    const data: Changed = { topics: [...changed] }
    changed.clear()
    stream.push(`event: changed\ndata: ${JSON.stringify(data)}\n\n`)
  }
  const unfollow = changes.follow((topics) => {
    for (const topic of topics) changed.add(topic)
    if (timer === undefined) say()
  })
  const beat = setInterval(() => stream.readableLength === 0 && stream.push(': \n\n'), BEAT_MS).unref()
  const life = setTimeout(() => stream.push(null), LIFE_MS).unref()
  streams?.add(stream)
  stream.once('close', () => {
    unfollow()
    streams?.delete(stream)
    clearInterval(beat)
    clearTimeout(life)
    clearTimeout(timer)
  })
  // its first bytes send the head: a browser knows that it is connected
  stream.push(`retry: ${RETRY_MS}\n\n`)
  return reply.send(stream)
}
