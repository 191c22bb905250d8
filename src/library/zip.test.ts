/** @file The ZIP as others read it: `unzip -t` where there is one, and its own bytes, also beyond 4 GiB. */
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { writeZip, type ZipEntry, zipLength } from './zip.ts'

const entry = (name: string, content: string): ZipEntry => ({
  name,
  bytes: Buffer.byteLength(content),
  modifiedMs: Date.UTC(2024, 4, 1),
  open: async function* () {
    yield Buffer.from(content.slice(0, 3))
    yield Buffer.from(content.slice(3))
  },
})

async function collect(chunks: AsyncIterable<Buffer>): Promise<Buffer> {
  const all: Buffer[] = []
  for await (const chunk of chunks) all.push(chunk)
  return Buffer.concat(all)
}

/** a second reader, where the machine has one */
function readWithPython(zip: Buffer): string | undefined {
  const folder = mkdtempSync(join(tmpdir(), 'fototeca-zip-'))
  const program = `import sys, zipfile
z = zipfile.ZipFile(sys.argv[1])
assert z.testzip() is None
print([(n, len(z.read(n))) for n in z.namelist()])`
  try {
    writeFileSync(join(folder, 'a.zip'), zip)
    const env = { ...process.env, PYTHONUTF8: '1' }
    return execFileSync('python3', ['-c', program, join(folder, 'a.zip')], { encoding: 'utf8', env }).trim()
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

it.each([
  ['in 32 bits', undefined],
  ['in 64 bits, as beyond 4 GiB', 40],
])('is read by others, name and content, with places told %s', async (_name, far) => {
  const entries = [entry('a.jpg', 'hello there'), entry('Größe 日本.jpg', ''), entry('b.jpg', 'more')]
  const zip = await collect(writeZip(entries, far))
  expect(zip.length).toBe(zipLength(entries, far))
  expect(zip.subarray(-22).readUInt16LE(10)).toBe(3)
  expect(zip.includes(Buffer.from('PK\x06\x06'))).toBe(far !== undefined)
  expect(readWithPython(zip) ?? READ).toBe(READ)
})
const READ = "[('a.jpg', 11), ('Größe 日本.jpg', 0), ('b.jpg', 4)]"

it('ends with an error where a file is not as long as was said', async () => {
  const lying = { ...entry('a.jpg', 'hello'), bytes: 6 }
  await expect(collect(writeZip([lying]))).rejects.toThrow('changed while it was read')
})

it('goes on at any byte, also without reading again what lies before', async () => {
  let opened = 0
  const make = (name: string, content: string): ZipEntry => ({
    ...entry(name, content),
    open: async function* () {
      opened++
      yield Buffer.from(content)
    },
  })
  const entries = [make('a.txt', 'hello'), make('b.txt', 'a longer text'), make('c.txt', '')]
  const whole = await collect(writeZip(entries))
  for (let from = 0; from < whole.length; from++) expect(await collect(writeZip(entries, undefined, from))).toEqual(whole.subarray(from))
  opened = 0
  await collect(writeZip(entries, undefined, whole.length - 1))
  expect(opened).toBe(0)
  const fresh = [make('a.txt', 'hello'), make('b.txt', 'a longer text'), make('c.txt', '')]
  expect(await collect(writeZip(fresh, undefined, whole.length - 5))).toEqual(whole.subarray(-5))
})
