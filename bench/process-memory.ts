/** @file Resident memory of a process and all it started, from /proc. */
import { readdirSync, readFileSync } from 'node:fs'

/** Sum of proportional set sizes (pages shared between processes are counted once), in bytes; falls back to RSS. */
export function readTreeMemory(rootPid: number): number {
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
  let sum = 0
  const open = [rootPid]
  for (let pid = open.pop(); pid !== undefined; pid = open.pop()) {
    sum += readMemory(pid)
    open.push(...(children.get(pid) ?? []))
  }
  return sum
}

function readMemory(pid: number): number {
  try {
    const text = readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8')
    return Number(/^Pss:\s+(\d+) kB/m.exec(text)?.[1] ?? 0) * 1024
  } catch {
    return 0
  }
}
