/** @file File systems that hold no files: views of the kernel, of processes, of devices. Reading them can hang, and what looks like a picture there is another’s. */
import { statfs } from 'node:fs/promises'
import { isWithin } from '../storage/bounds.ts'

/** Their places on every Linux. Devices share their type with ordinary file systems in memory, so only the name tells. */
const PLACES = ['/proc', '/sys', '/dev']
/** Ordinary files in memory. */
const EXCEPT = '/dev/shm'

/** statfs(2) `f_type`, wherever they are mounted. */
const TYPES: ReadonlySet<number> = new Set([
  0x9fa0, // proc
  0x62656572, // sysfs
  0x1cd1, // devpts
  0x27e0eb, // cgroup
  0x63677270, // cgroup2
  0x64626720, // debugfs
  0x74726163, // tracefs
  0x73636673, // securityfs
  0xf97cff8c, // selinuxfs
  0x43415d53, // smackfs
  0xcafe4a11, // bpf
  0x62656570, // configfs
  0x6165676c, // pstore
  0xde5e81e4, // efivarfs
  0x19800202, // mqueue
  0x958458f6, // hugetlbfs
  0x42494e4d, // binfmt_misc
  0x6e736673, // nsfs
  0x67596969, // rpc_pipefs
])

/** By its name alone. @param path absolute, without links */
export function isPseudoPlace(path: string): boolean {
  return PLACES.some((place) => isWithin(place, path)) && !isWithin(EXCEPT, path)
}

/** By name, or by what is mounted there. @param path absolute, without links */
export async function isPseudoFileSystem(path: string): Promise<boolean> {
  if (isPseudoPlace(path)) return true
  return statfs(path).then(
    ({ type }) => TYPES.has(type >>> 0),
    () => false,
  )
}
