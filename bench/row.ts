/** @file What a benchmark answers. */

export interface Row {
  readonly label: string
  readonly value: number
  readonly unit: string
}
export interface Benchmark {
  readonly name: string
  readonly rows: readonly Row[]
  readonly notes?: readonly string[]
}
