/** @file Bounds the connections of one client, so that it cannot take those of the others. */
import type { IncomingMessage, Server } from 'node:http'
import type { Socket } from 'node:net'
import { clientKey } from '../client-key.ts'
import type { ConnectionLimits } from '../limits.ts'

interface Client {
  readonly open: Set<Socket>
  /** in the order they came */
  readonly halfOpen: Set<Socket>
}

/** @param isProxy of the address of a proxy that is trusted: many clients stand behind it, so only its half-open connections are bounded */
export function addConnectionLimits(server: Server, limits: ConnectionLimits, isProxy: (address: string) => boolean): void {
  const clients = new Map<string, Client>()
  server.maxConnections = limits.all
  server.on('connection', (socket: Socket) => {
    const address = socket.remoteAddress ?? ''
    const key = clientKey(address)
    const client = clients.get(key) ?? { open: new Set(), halfOpen: new Set() }
    if (client.open.size >= limits.perClient && !isProxy(address)) {
      socket.destroy()
      return
    }
    clients.set(key, client)
    client.open.add(socket)
    client.halfOpen.add(socket)
    socket.once('close', () => {
      client.open.delete(socket)
      client.halfOpen.delete(socket)
      if (client.open.size === 0) clients.delete(key)
    })
    const [oldest] = client.halfOpen
    // not the newest: whoever shares the address with a flood still gets an answer
    if (client.halfOpen.size > limits.halfOpenPerClient && !isProxy(address)) oldest?.destroy()
  })
  const onWhole = ({ socket }: IncomingMessage) => void clients.get(clientKey(socket.remoteAddress))?.halfOpen.delete(socket)
  for (const event of ['request', 'checkContinue', 'checkExpectation']) server.prependListener(event, onWhole)
}
