import { resolve } from 'node:path'
import { defineConfig } from 'vitest/config'
import { LongestFirst } from './test/support/longest-first.ts'

// limits for a test that hangs, far above what a busy machine needs
const common = {
  environment: 'node',
  // text is drawn with the fonts that npm brings: a bare machine has none of its own
  env: { FONTCONFIG_FILE: resolve(import.meta.dirname, 'test/support/fonts.conf') },
  testTimeout: 180_000,
  hookTimeout: 180_000,
  expect: { poll: { timeout: 60_000 } },
} as const

// `npm test -- --long` sets it
const exclude = process.env.FOTOTECA_TEST_LONG === '1' ? [] : ['**/*.long.test.ts']

// a worker keeps the modules it has loaded for its next files: a third less processor time of unit, a sixth of medium (measured)
const shared = { isolate: false } as const

export default defineConfig({
  test: {
    // one more than two cores: tests wait for processes and disks a third of their time; each PGlite or model instance weighs hundreds of megabytes
    maxWorkers: 3,
    reporters: ['default'],
    sequence: { sequencer: LongestFirst },
    projects: [
      // beside the code: no database, no models, no network
      { test: { ...common, ...shared, name: 'unit', include: ['src/**/*.test.ts', 'web/**/*.test.{ts,tsx}'] } },
      // a real database (PGlite, or the Postgres of FOTOTECA_TEST_POSTGRES), real sharp, no heavy models
      {
        test: {
          ...common,
          ...shared,
          name: 'medium',
          globalSetup: ['test/support/keep-databases.ts'],
          include: ['test/medium/**/*.test.ts'],
          exclude,
        },
      },
      // real weights on real pictures: each file takes a core and up to a gigabyte
      { test: { ...common, name: 'models', include: ['test/models/**/*.test.ts'], maxWorkers: 2, sequence: { groupOrder: 2 } } },
      // the program as a black box, with a real Chromium
      {
        test: {
          ...common,
          name: 'e2e',
          // some start the program half a dozen times: with both cores busy tenfold that took longer than the limit of the others
          testTimeout: 600_000,
          hookTimeout: 600_000,
          // a worker keeps its modules and its Chromium for its next files
          isolate: false,
          // two for each of two cores: a test, its program and its browser wait for each other. Together they hold 5 GB
          maxWorkers: 4,
          sequence: { groupOrder: 1 },
          globalSetup: ['test/e2e/prepare.ts'],
          include: ['test/e2e/**/*.test.ts'],
          exclude,
        },
      },
    ],
  },
})
