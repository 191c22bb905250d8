/** @file Resident memory of a process and all it started, from /proc. */
import { readdirSync, readFileSync } from 'node:fs'

/** Bytes. */
export interface TreeMemory {
  /** Sum of proportional set sizes: a page shared by two processes (program text, libraries) counts half in each. What the machine really gives. */
  readonly pss: number
  /** Sum of resident set sizes: such a page counts in each. What `ps` and `top` show, added up. */
  readonly rss: number
}

export function readTreeMemory(rootPid: number): TreeMemory {
  const children = new Map<number, number[]>()
  for (const entry of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    try {
      const stat = readFileSync(`/proc/${entry}/stat`, 'utf8')
      const parent = Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1])
      children.set(parent, [...(children.get(parent) ?? []), Number(entry)])
    } catch {
      // it ended meanwhile
    }
  }
  let [pss, rss] = [0, 0]
  const open = [rootPid]
  for (let pid = open.pop(); pid !== undefined; pid = open.pop()) {
    const memory = readMemory(pid)
    pss += memory.pss
    rss += memory.rss
    open.push(...(children.get(pid) ?? []))
  }
  return { pss, rss }
}

/** Zeros for a process that has just ended. */
function readMemory(pid: number): TreeMemory {
  try {
    const text = readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8')
    const read = (field: string) => Number(new RegExp(`^${field}:\\s+(\\d+) kB`, 'm').exec(text)?.[1] ?? 0) * 1024
    return { pss: read('Pss'), rss: read('Rss') }
  } catch {
    return { pss: 0, rss: 0 }
  }
}
