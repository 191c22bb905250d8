/**
 * @file A network of the program's own that leads nowhere (a namespace of Linux), where nothing can be traced: nothing can leave it, and
 * the kernel counts what was to be sent to addresses there is no way to, lookups of names among them.
 */
import { spawnSync } from 'node:child_process'
import { readFile } from 'node:fs/promises'

const OWN_NETWORK = ['unshare', '--map-root-user', '--net', 'sh', '-c'] as const
/** The namespace ends with its last process, so its counts are written from within it. */
const COUNTED = 'ip link set lo up && "$@"; ended=$?; cat /proc/net/snmp /proc/net/snmp6 >"$0"; exit $ended'

/** What keeps the tests from having such a network, in words; null where they can. */
export function whyNoClosedNetwork(): string | null {
  const { status, error, stderr } = spawnSync(OWN_NETWORK[0], [...OWN_NETWORK.slice(1), 'ip link set lo up'], { encoding: 'utf8' })
  if (status === 0) return null
  return error ? 'unshare (util-linux) is not installed' : `no network of its own can be had (${stderr.trim().split('\n').at(-1)})`
}

/** The command to run a program under; once it has ended, `file` holds what the kernel counted. */
export const inClosedNetwork = (file: string): string[] => [...OWN_NETWORK, COUNTED, file]

/** How often something was to be sent out of the network. */
export async function countAttempts(file: string): Promise<number> {
  const text = await readFile(file, 'utf8')
  const [names = '', values = ''] = text.split('\n').filter((line) => line.startsWith('Ip:'))
  const four = values.split(' ')[names.split(' ').indexOf('OutNoRoutes')]
  const six = /^Ip6OutNoRoutes\s+(\d+)$/m.exec(text)?.[1]
  if (four === undefined) throw new Error('this kernel does not count what it has no route for')
  return Number(four) + Number(six ?? 0)
}
