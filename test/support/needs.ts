/** @file What tests and measurements may need that does not come with the project, and how to give it. */
import { existsSync } from 'node:fs'
import { findChromium } from './chromium.ts'
import { DATA_DIR, MODELS_DIR } from './shared.ts'

interface Needed {
  readonly what: string
  readonly how: string
  readonly isThere: () => boolean
}

export const NEEDS = {
  data: {
    what: 'the test pictures',
    how: 'put them in ../shared/data, or set FOTOTECA_TEST_DATA to their folder',
    isThere: () => existsSync(DATA_DIR),
  },
  models: {
    what: 'the test models',
    how: 'put them in ../shared/models, or set FOTOTECA_TEST_MODELS to their folder',
    isThere: () => existsSync(MODELS_DIR),
  },
  postgres: {
    what: 'a PostgreSQL server with pgvector',
    how: 'set FOTOTECA_BENCH_POSTGRES to its address; `scripts/postgres-for-tests.sh start` prints one',
    isThere: () => Boolean(process.env.FOTOTECA_BENCH_POSTGRES),
  },
  describer: {
    what: 'a model that describes pictures',
    how: 'set FOTOTECA_DESCRIBE to its name, such as ollama-qwen2.5vl',
    isThere: () => Boolean(process.env.FOTOTECA_DESCRIBE),
  },
  chromium: {
    what: 'a Chromium',
    how: 'install the package chromium, or set FOTOTECA_TEST_CHROMIUM to one',
    isThere: () => findChromium() !== undefined,
  },
} as const satisfies Record<string, Needed>
export type Need = keyof typeof NEEDS

/** Of these, what is not there. */
export const listMissing = (needs: readonly Need[]): Need[] => needs.filter((need) => !NEEDS[need].isThere())

/** “a”, “a and b”, “a, b and c”. */
export const joinWords = (words: readonly string[]): string =>
  [words.slice(0, -1).join(', '), ...words.slice(-1)].filter(Boolean).join(' and ')

/** “needs the test pictures (put them in …) and the test models (put them in …)”. */
export const describeNeeds = (needs: readonly Need[]): string =>
  `needs ${joinWords(needs.map((need) => `${NEEDS[need].what} (${NEEDS[need].how})`))}`

/** What is said of an error that came of a file missing among the pictures or models that were given; null for any other error. */
export function explainAbsence(error: unknown): string | null {
  const message = error instanceof Error ? error.message : String(error)
  const isAbsence = (error as NodeJS.ErrnoException | null)?.code === 'ENOENT' || /is missing|not a folder/i.test(message)
  const given = (
    [
      ['data', DATA_DIR],
      ['models', MODELS_DIR],
    ] as const
  ).find(([, folder]) => message.includes(folder))
  return isAbsence && given ? `${NEEDS[given[0]].what} in ${given[1]} are not complete: ${message}` : null
}
