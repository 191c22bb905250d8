/** @file Hears notifications of a Postgres server by a connection of its own, made anew whenever it is lost. */
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'

/** A server that restarts is back within seconds; until then a poll stands in. */
const AGAIN_MS = 10_000

/**
 * @param url of the server itself: LISTEN does not pass a pooler that hands out connections per transaction
 * @param onHeard also after each new connection, because what was told meanwhile is lost
 * @param onFailure told once per outage
 */
export function listenTo(url: string, channel: string, onHeard: () => void, onFailure: (error: unknown) => void): AsyncDisposable {
  const closing = new AbortController()
  const run = async () => {
    let isTold = false
    while (!closing.signal.aborted) {
      const client = new pg.Client({
        connectionString: url,
        keepAlive: true,
        connectionTimeoutMillis: AGAIN_MS,
        application_name: 'fototeca (notifications)',
      })
      const lost = new Promise<unknown>((resolve) => {
        client.on('error', resolve)
        client.on('end', () => resolve(new Error('the server closed the connection')))
        closing.signal.addEventListener('abort', () => resolve(null), { once: true })
      })
      try {
        await client.connect()
        client.on('notification', onHeard)
        await client.query(`listen ${client.escapeIdentifier(channel)}`)
        isTold = false
        onHeard()
        const why = await lost
        if (why !== null) throw why
      } catch (error) {
        if (!closing.signal.aborted && !isTold) onFailure(error)
        isTold = true
      } finally {
        await client.end().catch(() => {})
      }
      await sleep(AGAIN_MS, undefined, { signal: closing.signal, ref: false }).catch(() => {})
    }
  }
  const running = run()
  return {
    [Symbol.asyncDispose]: async () => {
      closing.abort()
      await running
    },
  }
}
