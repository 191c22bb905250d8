/** @file The order of test files: those that take longest come first, so that none of them is left alone at the end, with one core at work. */
import { BaseSequencer, type TestSpecification } from 'vitest/node'

/** by what they take where nothing was run before; later Vitest knows it itself */
const LONGEST = ['people', 'page-library', 'backup', 'kill', 'models'].map((name) => `/test/e2e/${name}.test.ts`)

export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const isLong = ({ moduleId }: TestSpecification) => LONGEST.some((end) => moduleId.endsWith(end))
    const sorted = await super.sort(files)
    return [...sorted.filter(isLong), ...sorted.filter((file) => !isLong(file))]
  }
}
