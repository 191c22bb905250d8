/**
 * @file Completes package-lock.json with the packages for other systems that the registry in reach does not hold.
 * `npm install` leaves such optional packages out of the lock, and `npm ci` then refuses the whole lock. Run it after every `npm install`.
 * The entries have no checksum (nothing could be fetched), so npm takes the registry’s on the system that needs one.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { resolve } from 'node:path'

interface LockEntry {
  readonly version: string
  readonly dev?: boolean
  readonly optionalDependencies?: Readonly<Record<string, string>>
}

const path = resolve(import.meta.dirname, '../package-lock.json')
const lock = JSON.parse(readFileSync(path, 'utf8')) as { packages: Record<string, LockEntry & Record<string, unknown>> }

/** `…-linux-arm64-musl` → os linux, cpu arm64, libc musl */
const SYSTEM =
  /-(?:(android|darwin|freebsd|linux|openharmony|win32)-(arm64|arm|ia32|ppc64|riscv64|s390x|x64)|(wasm32)-wasi)(?:-(gnu|musl|gnueabihf|musleabihf|msvc|eabi))?$/

const added: string[] = []
for (const [place, entry] of Object.entries(lock.packages)) {
  for (const [name, version] of Object.entries(entry.optionalDependencies ?? {})) {
    const isThere = `${place}/node_modules/${name}` in lock.packages || `node_modules/${name}` in lock.packages
    const system = SYSTEM.exec(name)
    if (isThere || !system || !/^\d/.test(version)) continue
    const [, os, cpu, wasm, abi] = system
    lock.packages[`node_modules/${name}`] = {
      version,
      cpu: [cpu ?? wasm ?? ''],
      ...(entry.dev ? { dev: true } : {}),
      ...(os === 'linux' && abi ? { libc: [abi.startsWith('musl') ? 'musl' : 'glibc'] } : {}),
      optional: true,
      ...(os ? { os: [os] } : {}),
    }
    added.push(`${name}@${version}`)
  }
}
if (added.length > 0) {
  const packages = Object.fromEntries(Object.entries(lock.packages).sort(([a], [b]) => a.localeCompare(b, 'en')))
  writeFileSync(path, `${JSON.stringify({ ...lock, packages }, null, 2)}\n`)
}
console.log(added.length === 0 ? 'the lock is complete' : `added ${added.length}: ${added.join(', ')}`)
