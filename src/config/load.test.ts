import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { FototecaError } from '../domain/errors.ts'
import { childEnvironment, loadConfig } from './load.ts'

function refusal(env: Record<string, string>): string {
  try {
    loadConfig(env)
  } catch (error) {
    expect(error).toBeInstanceOf(FototecaError)
    return (error as FototecaError).message
  }
  throw new Error('it was accepted')
}

describe('loadConfig', () => {
  it('names every wrong setting, what was given and what is allowed', () => {
    const message = refusal({
      FOTOTECA_PORT: 'eighty',
      DEVICE: 'gpu',
      DATABASE_URL: 'mysql://secret@host/db',
      FOTOTECA_FORMATS: 'jpg,docx',
    })
    expect(message).toContain('FOTOTECA_PORT: got "eighty"; allowed: 0–65535')
    expect(message).toContain('DEVICE: got "gpu"; allowed: auto, cpu, cuda, coreml, dml')
    expect(message).toContain('DATABASE_URL: got (hidden)')
    expect(message).toContain('docx')
    expect(message).not.toContain('secret')
  })

  it('reads the described systems’ names, after its own', () => {
    expect(loadConfig({ THUMBNAIL_SIZE: '300' }).thumbnailSize).toBe(300)
    expect(loadConfig({ THUMBNAIL_SIZE: '300', FOTOTECA_THUMBNAIL_SIZE: '500' }).thumbnailSize).toBe(500)
    expect(loadConfig({ FOTOTECA_PORT: '' }).port).toBe(8000)
  })

  it('reads prices of models, whose names may hold signs', () => {
    const { describePrices } = loadConfig({ FOTOTECA_DESCRIBE_PRICES: 'gpt-4o-mini=0.15/0.60, Org/Model=v2=1/2' })
    expect([...describePrices]).toEqual([
      ['gpt-4o-mini', { input: 0.15, output: 0.6 }],
      ['org/model=v2', { input: 1, output: 2 }],
    ])
    expect(loadConfig({}).describePrices.size).toBe(0)
    expect(refusal({ FOTOTECA_DESCRIBE_PRICES: 'gpt=cheap' })).toContain('gpt=cheap must be a name and two prices')
  })

  it('lets the command line win, checked by the same rules', () => {
    expect(loadConfig({ FOTOTECA_PORT: '1' }, { port: 2 }).port).toBe(2)
    expect(() => loadConfig({}, { port: 70_000 })).toThrow(/FOTOTECA_PORT: got 70000; allowed: 0–65535/)
  })

  it('reads secrets from files, never prints them, and keeps them from child processes', () => {
    const folder = mkdtempSync(join(tmpdir(), 'fototeca-secret-'))
    try {
      const path = join(folder, 'key')
      writeFileSync(path, 'sk-from-a-file\n')
      expect(loadConfig({ FOTOTECA_OPENAI_KEY_FILE: path }).openaiKey).toBe('sk-from-a-file')
      expect(loadConfig({ FOTOTECA_OPENAI_KEY: 'sk-own', FOTOTECA_OPENAI_KEY_FILE: path }).openaiKey).toBe('sk-own')
      expect(childEnvironment({ FOTOTECA_OPENAI_KEY_FILE: path, HF_TOKEN: 'hf_1', PATH: '/bin' })).toEqual({ PATH: '/bin' })
      writeFileSync(path, 'sk-two words')
      const message = refusal({
        FOTOTECA_OPENAI_KEY_FILE: path,
        FOTOTECA_GEMINI_KEY_FILE: join(folder, 'none'),
        FOTOTECA_DESCRIBE_URL: 'http://me:sk-in-url@host/v1',
      })
      expect(message).toMatch(/FOTOTECA_GEMINI_KEY_FILE: cannot read .*none \(ENOENT\)/)
      expect(message).toContain('without spaces')
      expect(message).toContain('must not hold a name or password')
      expect(message).not.toContain('sk-')
    } finally {
      rmSync(folder, { recursive: true })
    }
  })
})
