/**
 * @file Sweeps: kills at many moments, the disk as it was at many, every door. `npm test` looks at a sample; `npm test -- --long` sets
 * FOTOTECA_TEST_LONG and runs, whole, the test files that import this one.
 */
export const IS_LONG = process.env.FOTOTECA_TEST_LONG === '1'

/** How many of a sweep are looked at. */
export const sweep = (sample: number, whole: number): number => (IS_LONG ? whole : sample)

/** The reason of a test that has no sample: it runs in the long run alone. */
export const NEEDS_LONG = { needs: 'time (`npm test -- --long` takes it)' }
