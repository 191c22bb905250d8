/** @file Finding clusters among 50,000 and 100,000 vectors grown from real ones: time and memory of the thread that does it. */
import { AXES, findClusters } from '../src/group/clusters/find-clusters.ts'
import { findAxes, project } from '../src/group/clusters/principal-axes.ts'
import { makeRandom } from './random.ts'
import type { Benchmark, Row } from './row.ts'
import { embedTestPictures, WIDTH } from './standin-vectors.ts'

const SIZES = (process.env.FOTOTECA_BENCH_PHOTOS ?? '50000,100000').split(',').map(Number)
const SAMPLE = 3000

export async function run(): Promise<Benchmark> {
  const { images } = await embedTestPictures()
  const rows: Row[] = []
  for (const n of SIZES) {
    const random = makeRandom(n)
    const before = process.memoryUsage().rss
    const projected = new Float32Array(n * AXES)
    const start = performance.now()
    const sample = new Float32Array(SAMPLE * WIDTH)
    for (let i = 0; i < SAMPLE; i++) sample.set(grow(images, random), i * WIDTH)
    const axes = findAxes(sample, WIDTH, AXES)
    for (let i = 0; i < n; i++) project(axes, grow(images, random), projected, i * AXES)
    const axesMs = performance.now() - start
    const { count, labels } = findClusters(projected, AXES)
    const noise = labels.reduce((sum, label) => sum + (label < 0 ? 1 : 0), 0)
    rows.push(
      { label: `${n} vectors: axes and projection`, value: axesMs / 1000, unit: 's' },
      { label: `${n} vectors: neighbours, communities, noise`, value: (performance.now() - start - axesMs) / 1000, unit: 's' },
      { label: `${n} vectors: memory above the beginning, at the end`, value: (process.memoryUsage().rss - before) / 2 ** 20, unit: 'MiB' },
      { label: `${n} vectors: clusters`, value: count, unit: '' },
      { label: `${n} vectors: in none`, value: noise / n, unit: 'share' },
    )
  }
  return {
    name: 'clusters',
    rows,
    notes: ['grown from the test pictures by noise of .3 around each, so there are as many true groups as pictures'],
  }
}

/** A real vector with noise, of unit length. */
function grow(images: readonly Float32Array[], random: () => number): Float32Array {
  const middle = images[Math.floor(random() * images.length)] ?? new Float32Array(WIDTH)
  const noise = Float32Array.from(middle, () => random() - 0.5)
  const scale = 0.3 / Math.hypot(...noise)
  const grown = middle.map((value, i) => value + scale * (noise[i] ?? 0))
  const length = Math.hypot(...grown)
  return grown.map((value) => value / length)
}
