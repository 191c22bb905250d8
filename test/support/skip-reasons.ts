/**
 * @file Why a test may be left out on this machine: said at the end of `npm test`. A test that can be skipped carries its reason,
 * `it.skipIf(…)(name, { meta: { needs: … } }, …)`; those of `*.shared.test.ts` need none.
 */
declare module 'vitest' {
  interface TaskMeta {
    /** what the test needs, as it follows “needs” */
    needs?: string
  }
}

export const NEEDS_SERVER = { needs: 'a PostgreSQL server (FOTOTECA_TEST_POSTGRES; `scripts/postgres-for-tests.sh start` prints one)' }
export const NEEDS_EMBEDDED = { needs: 'the embedded database (FOTOTECA_TEST_POSTGRES not set)' }
export const NEEDS_LINUX = { needs: 'Linux' }
