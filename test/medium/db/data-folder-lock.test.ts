/** @file One process per data folder: refused at once, free after kill -9, exactly one of many racing starters wins. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { lockDataFolder, readAnnouncement } from '../../../src/db/data-folder-lock.ts'
import { startChild } from '../../support/child.ts'

const holder = resolve(import.meta.dirname, 'children/hold-lock.ts')

let dataDir: string
beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'fototeca-lock-'))
})
afterEach(() => rm(dataDir, { recursive: true, force: true }))

test('a second process is refused, told who has it; after kill -9 the folder is free', async () => {
  const child = startChild(holder, [dataDir, 'http://127.0.0.1:8000'])
  await child.waitFor((line) => line === 'locked')
  await expect(lockDataFolder(dataDir)).rejects.toMatchObject({
    code: 'data_folder_in_use',
    message: expect.stringMatching(new RegExp(`in use by process ${child.process.pid} \\(http://127\\.0\\.0\\.1:8000\\); .*stop it first`)),
  })
  expect(await readAnnouncement(dataDir)).toEqual({ pid: child.process.pid, url: 'http://127.0.0.1:8000' })
  await child.kill()
  expect(await readAnnouncement(dataDir)).toBeNull()
  await using lock = await lockDataFolder(dataDir)
  await lock.announce({ url: 'http://127.0.0.1:9000' })
  expect(await readAnnouncement(dataDir)).toEqual({ pid: process.pid, url: 'http://127.0.0.1:9000' })
})

test('the same process cannot take it twice; releasing frees it, reading does not', async () => {
  const lock = await lockDataFolder(dataDir)
  await readAnnouncement(dataDir)
  await expect(lockDataFolder(dataDir)).rejects.toMatchObject({ code: 'data_folder_in_use' })
  const child = startChild(holder, [dataDir])
  expect(await child.waitFor(() => true)).toBe('refused data_folder_in_use')
  await lock[Symbol.asyncDispose]()
  await lock[Symbol.asyncDispose]()
  await using again = await lockDataFolder(dataDir)
  expect(again).toBeDefined()
})

test('of six racing starters exactly one wins', async () => {
  const children = Array.from({ length: 6 }, () => startChild(holder, [dataDir]))
  const answers = await Promise.all(children.map((child) => child.waitFor(() => true)))
  expect(answers.filter((line) => line === 'locked')).toHaveLength(1)
  expect(answers.filter((line) => line === 'refused data_folder_in_use')).toHaveLength(5)
  await Promise.all(children.map((child) => child.kill()))
})

test('a folder that cannot be made is named', async () => {
  await writeFile(join(dataDir, 'file'), '')
  await expect(lockDataFolder(join(dataDir, 'file', 'data'))).rejects.toMatchObject({
    code: 'config',
    message: expect.stringContaining('FOTOTECA_DATA'),
  })
})

test('processes on a server share it, and are told who is alone; none gets it alone while it is shared', async () => {
  const child = startChild(holder, [dataDir, 'http://127.0.0.1:8000', 'shared'])
  await child.waitFor((line) => line === 'locked')
  {
    await using second = await lockDataFolder(dataDir, { isShared: true })
    expect(second.isAlone).toBe(false)
    await expect(lockDataFolder(dataDir)).rejects.toMatchObject({ code: 'data_folder_in_use' })
  }
  expect(await readAnnouncement(dataDir)).toEqual({ pid: child.process.pid, url: 'http://127.0.0.1:8000' })
  await child.kill()
  expect(await readAnnouncement(dataDir)).toBeNull()
  await using again = await lockDataFolder(dataDir, { isShared: true })
  expect(again.isAlone).toBe(true)
})
