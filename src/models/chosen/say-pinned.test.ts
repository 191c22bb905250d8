import { describe, expect, it } from 'vitest'
import { CATALOGUE } from '../catalogue/catalogue.ts'
import type { DownloadableModel } from '../catalogue/catalogue-row.ts'
import { sayPinned } from './say-pinned.ts'

const COMMIT = 'd1114256522a37ffa257a0a58017348ab0058db2'
const known = { path: 'onnx/model.onnx', bytes: 1, sha256: 'a'.repeat(64) }
const unknown = { path: 'config.json', bytes: 1, sha256: null }
const row = (commit: string | null, files: DownloadableModel['files']): DownloadableModel => ({
  ...{ kind: 'download', name: 'small', task: 'embedding', repo: 'owner/small', width: 3, licence: 'MIT', note: '' },
  commit,
  files,
})
const first = { format: 1, repo: 'owner/small', commit: COMMIT, files: [], at: '2026-11-03T10:00:00Z' } as const

describe('what a download must be, in words', () => {
  it.each([
    ['pinned', row(COMMIT, [known]), null, 'pinned: commit d111425652, every file by its SHA-256'],
    ['partly', row(COMMIT, [known, unknown]), null, /^pinned in part: commit d111425652, 1 of 2 files by SHA-256; the rest is checked/],
    ['partly', row(null, [known, unknown]), null, /^pinned in part: 1 of 2 files by SHA-256; the rest is checked/],
    [
      'not yet',
      row(null, [unknown]),
      null,
      /^not pinned yet: checked against the hub’s own checksums at the first download, and remembered$/,
    ],
    ['not yet', row(null, { prefixes: ['onnx/'], bytes: 1 }), null, /^not pinned yet/],
    ['remembered', row(null, [unknown]), { ...first, files: [] }, 'pinned to what was first downloaded on 2026-11-03, commit d111425652'],
    ['remembered', row(null, [unknown]), { ...first, files: [], commit: null }, 'pinned to what was first downloaded on 2026-11-03'],
  ] as const)('%s', (state, model, pin, text) => {
    expect(sayPinned(model, pin as Parameters<typeof sayPinned>[1])).toMatchObject({ state, text: expect.stringMatching(text) })
  })
})

it('the catalogue names whole commits and digests, or says that it knows none', () => {
  for (const model of CATALOGUE) {
    if (model.kind === 'built-in') continue
    expect(model.commit ?? COMMIT, model.name).toMatch(/^[0-9a-f]{40}$/)
    for (const { path, sha256 } of 'prefixes' in model.files ? [] : model.files)
      expect(sha256 ?? known.sha256, `${model.name} ${path}`).toMatch(/^[0-9a-f]{64}$/)
  }
})
