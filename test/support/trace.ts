/**
 * @file What a program and all its processes and threads do to the network and to files, seen by the kernel (strace on Linux):
 * which addresses they contact, where they listen, and what they write.
 */
import { spawnSync } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'

const NETWORK = ['connect', 'bind', 'sendto', 'sendmsg', 'sendmmsg']
const FILES = [
  'openat',
  'openat2',
  'open',
  'creat',
  'mkdir',
  'mkdirat',
  'mknod',
  'mknodat',
  'rename',
  'renameat',
  'renameat2',
  'link',
  'linkat',
  'symlink',
  'symlinkat',
  'unlink',
  'unlinkat',
  'rmdir',
  'truncate',
]
/** With it a program could do all of the above unseen, so there is none for it. Node asks for one, and does without. */
const UNSEEN = 'io_uring_setup'

/** What keeps the tests from tracing here, in words; null where they can. */
export function whyNoTrace(): string | null {
  const { status, error, stderr } = spawnSync('strace', [...tracer('/dev/null').slice(1), 'true'], { encoding: 'utf8' })
  if (status === 0) return null
  return `what the program contacts and writes cannot be seen here: ${error ? 'strace is not installed' : `strace may not trace (${stderr.trim().split('\n').at(-1)})`}`
}

/** The command to run a program under; the program keeps the process id. What it does is written to `file`. */
export function tracer(file: string): string[] {
  const calls = [...NETWORK, ...FILES, UNSEEN].map((name) => `?${name}`).join(',')
  return [
    'strace',
    '-D',
    '-f',
    '-y',
    '-q',
    '--seccomp-bpf',
    '-e',
    'signal=KILL',
    '-e',
    `trace=${calls}`,
    '-e',
    `inject=${UNSEEN}:error=ENOSYS`,
    '-o',
    file,
  ]
}

export interface Trace {
  /** host:port of every address of a network that was connected or sent to; lookups of names are such too */
  readonly contacted: readonly string[]
  /** addresses of a network that were listened on */
  readonly listened: readonly string[]
  /** absolute paths of what was made, opened for writing, moved or deleted; devices, pipes and the kernel's own files left out */
  readonly written: readonly string[]
}

/** Whether all that was traced has ended and is written: the tracer outlives the program. */
export async function isWhole(file: string): Promise<boolean> {
  const lines = (await readFile(file, 'utf8').catch(() => '')).split('\n').filter((line) => line !== '')
  const threadOf = (line: string) => line.split(' ', 1)[0]
  const ended = new Set(lines.filter((line) => / \+\+\+ (exited|killed|superseded)/.test(line)).map(threadOf))
  return lines.length > 0 && lines.every((line) => ended.has(threadOf(line)))
}

export async function readTrace(file: string): Promise<Trace> {
  const contacted = new Set<string>()
  const listened = new Set<string>()
  const written = new Set<string>()
  for (const line of (await readFile(file, 'utf8')).split('\n')) {
    // arguments stand where a call begins, so `<… resumed>` tells nothing new
    const [, call = '', rest = ''] = /^\d+ +(\w+)\((.*)$/.exec(line) ?? []
    if (NETWORK.includes(call)) for (const address of addressesIn(rest)) (call === 'bind' ? listened : contacted).add(address)
    else if (FILES.includes(call))
      for (const path of writtenBy(call, rest)) if (!/^\/(dev\/(null|tty|pts)|proc)\b/.test(path)) written.add(path)
  }
  return { contacted: [...contacted], listened: [...listened], written: [...written] }
}

function addressesIn(text: string): string[] {
  const port = /sin6?_port=htons\((\d+)\)/.exec(text)?.[1]
  const hosts = [...text.matchAll(/inet_addr\("([^"]+)"\)|inet_pton\(AF_INET6, "([^"]+)"/g)].map(([, four, six]) => four ?? `[${six}]`)
  return hosts.map((host) => `${host}:${port}`)
}

/** Paths stand as the program gave them; `-y` says which folder they are relative to. */
function writtenBy(call: string, text: string): string[] {
  if (call.startsWith('open') && !/O_WRONLY|O_RDWR|O_CREAT|O_TRUNC/.test(text)) return []
  const [given = ''] = text.split(/\) += /)
  return [...given.matchAll(/(?:(?:AT_FDCWD|\d+)<([^>]*)>, )?"((?:[^"\\]|\\.)*)"/g)].map(([, folder = process.cwd(), path = '']) =>
    resolve(folder, path),
  )
}
