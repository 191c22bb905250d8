/** @file Closing the server: running answers get a little time, connections that ask nothing get none. */
import type { Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import type { FastifyInstance } from 'fastify'

/** How long running answers may take once the server is told to stop; the process has 10 s in all. */
const GRACE_MS = 4000

/**
 * Node closes connections that are idle after an answer, but not those on which nothing was asked yet; browsers open such ones ahead
 * and keep them (measured: each close waited out its whole grace).
 */
export function addClosing(app: FastifyInstance): void {
  const running = new Map<Socket, number>()
  let isClosing = false
  app.server.on('connection', (socket) => {
    running.set(socket, 0)
    socket.once('close', () => running.delete(socket))
  })
  app.server.on('request', ({ socket }, response) => {
    running.set(socket, (running.get(socket) ?? 0) + 1)
    response.once('close', () => {
      const left = (running.get(socket) ?? 1) - 1
      if (running.has(socket)) running.set(socket, left)
      if (isClosing && left === 0) socket.end()
    })
  })
  app.addHook('preClose', (done) => {
    isClosing = true
    for (const [socket, answers] of running) if (answers === 0) socket.destroy()
    void sleep(GRACE_MS, undefined, { ref: false }).then(() => app.server.closeAllConnections())
    done()
  })
}
