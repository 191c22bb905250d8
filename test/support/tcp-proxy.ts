/** @file A door before a server that can be shut: connections through it are cut, and no new ones taken, until it is opened again. */
import { once } from 'node:events'
import { type AddressInfo, createServer, connect as dial, type Socket } from 'node:net'

export interface TcpProxy extends AsyncDisposable {
  readonly port: number
  shut(): Promise<void>
  open(): Promise<void>
}

export async function startTcpProxy(target: { readonly host: string; readonly port: number }): Promise<TcpProxy> {
  const sockets = new Set<Socket>()
  const keep = (socket: Socket) => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket)).on('error', () => {})
  }
  const server = createServer((socket) => {
    const beyond = dial(target.port, target.host)
    for (const one of [socket, beyond]) keep(one)
    // a reset does not go through a pipe: whoever waits on the other side would wait for ever
    socket.on('error', () => beyond.destroy())
    beyond.on('error', () => socket.destroy())
    socket.pipe(beyond).pipe(socket)
  })
  const listen = async (port: number) => {
    server.listen(port, '127.0.0.1')
    await once(server, 'listening')
  }
  const shut = async () => {
    const closed = new Promise<void>((resolve) => server.close(() => resolve()))
    for (const socket of sockets) socket.destroy()
    await closed
  }
  await listen(0)
  const { port } = server.address() as AddressInfo
  return { port, shut, open: () => listen(port), [Symbol.asyncDispose]: shut }
}
