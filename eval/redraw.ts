/**
 * @file Products that a model drew again (`test/support/redraw.ts`) over real photos as scenes: moved, scaled, turned, lit otherwise, which
 * must be restored; of another shape or without a stone, which must be marked. Beside it the naive way, the mean difference without
 * aligning. The limits of `src/generate/fidelity.ts` were chosen on the products of `SELECTION`; the figures are of others.
 */
import { readdirSync } from 'node:fs'
import { findRedrawing, findRedrawn, measureFidelity } from '../src/generate/fidelity.ts'
import { cutProduct } from '../src/generate/render/cut-product.ts'
import { placeProduct, takeFromMatte } from '../src/generate/render/place.ts'
import { type Rgba, readCanvas, resizeRgba } from '../src/media/canvas.ts'
import { createPlainCutter } from '../src/models/providers/builtin-cut-out/index.ts'
import { fullSizeOf } from '../test/support/cut-out.ts'
import { openPicture } from '../test/support/media.ts'
import { bend, breakOff, type Redraw, redraw, removeStone, squeeze } from '../test/support/redraw.ts'
import { dataPath } from '../test/support/shared.ts'
import type { Evaluation } from './metric.ts'

const KINDS = ['bracelet', 'earrings', 'necklace', 'rings', 'wristwatch']
/** of each kind by its name's place, one of eight for the limits and two others for the figures */
const SELECTION = [1]
const REPORTED = [0, 3]
const SIDE = 1024
const FILL = 0.5
/** Pixels of the scene by which a restored product may lie beside the drawing at its corners. */
const NEAR = 3
/** As it was judged before: the mean difference of the product's pixels at the place where it was put. */
const NAIVE = 24

const RESTORED = ['shift', 'scale', 'rotation', 'light', 'together'] as const
const MARKED = ['shape', 'stone'] as const
interface Row {
  readonly what: (typeof RESTORED)[number] | (typeof MARKED)[number]
  readonly isPassed: boolean
  readonly isNaivelyPassed: boolean
  readonly off: number
  readonly worst: number
}

export async function run(): Promise<Evaluation> {
  const selection = await measure(SELECTION)
  const rows = await measure(REPORTED)
  const of = (what: Row['what'], from = rows) => from.filter((row) => row.what === what)
  const share = (some: readonly Row[], is: (row: Row) => boolean) => some.filter(is).length / Math.max(1, some.length)
  const isRestored = (row: Row) => row.isPassed && row.off < NEAR
  const isMoved = ({ what }: Row) => RESTORED.some((one) => one === what)
  const changed = selection.filter((row) => !isMoved(row))
  return {
    name: 'redraw',
    metrics: {
      products: of('shift').length,
      ...Object.fromEntries(RESTORED.map((what) => [`${what}_restored`, share(of(what), isRestored)])),
      ...Object.fromEntries(RESTORED.map((what) => [`${what}_passed_naively`, share(of(what), (row) => row.isNaivelyPassed)])),
      ...Object.fromEntries(MARKED.map((what) => [`${what}_marked`, share(of(what), (row) => !row.isPassed)])),
      ...Object.fromEntries(MARKED.map((what) => [`${what}_marked_naively`, share(of(what), (row) => !row.isNaivelyPassed)])),
    },
    notes: [
      `on the ${of('shift', selection).length} products of the selection the worst spot differs by at ` +
        `most ${mostOf(selection.filter(isMoved)).toFixed(1)} where only place and light changed, ` +
        `by at least ${Math.min(...changed.map(({ worst }) => worst)).toFixed(1)} where a stone or the shape did`,
      `stones of 5 % of the longer side were there to take away in ${of('stone').length} products`,
      ...rows
        .filter((row) => isMoved(row) && !isRestored(row))
        .map(({ what, worst, off }) => `not restored: ${what}, worst spot ${worst.toFixed(1)}, ${off.toFixed(1)} px off`),
    ],
  }
}

const mostOf = (rows: readonly Row[]): number => Math.max(...rows.map(({ worst }) => worst))

async function measure(turns: readonly number[]): Promise<Row[]> {
  const cutter = createPlainCutter()
  const next = createRandom(turns[0] ?? 0)
  const scenes = readdirSync(dataPath('classified-photos')).filter((name) => /\.jpe?g$/i.test(name))
  const rows: Row[] = []
  for (const kind of KINDS)
    for (const [at, name] of readdirSync(dataPath('products', kind)).toSorted().entries()) {
      if (!turns.includes(at % 8)) continue
      const picture = await openPicture(dataPath('products', kind, name))
      const cut = await cutProduct(await cutter.findOutline(picture), fullSizeOf(picture.base), SIDE)
      const put = cut?.isSure ? placeProduct(cut.matte, { left: 0, top: 0, width: SIDE, height: SIDE }, FILL) : null
      if (!cut || !put) continue
      const product = takeFromMatte(cut.matte, put.from)
      const large = await resizeRgba(product, 2 * put.to.width, 2 * put.to.height)
      const layer = await resizeRgba(product, put.to.width, put.to.height)
      const middle = { x: put.to.left + put.to.width / 2, y: put.to.top + put.to.height / 2 }
      const scene = dataPath('classified-photos', scenes[Math.floor(next(0, scenes.length))] ?? '')
      for (const { what, drawn, how } of listCases(large, next)) {
        const answer = await redraw(drawn, middle, SIDE, scene, how)
        const naive = measureFidelity(await readCanvas(answer, { width: SIDE, height: SIDE }), layer, put.to.left, put.to.top, null)
        const { redraw: found } = await findRedrawing(product, put.to, SIDE, (side) => readCanvas(answer, { width: side, height: side }))
        const reach = Math.hypot(put.to.width, put.to.height) / 2
        rows.push({
          what,
          isPassed: found !== null && findRedrawn(found) === null,
          isNaivelyPassed: naive.mean <= NAIVE,
          worst: found?.worst ?? Number.POSITIVE_INFINITY,
          off: found
            ? Math.hypot(found.shift.x - (how.dx ?? 0), found.shift.y - (how.dy ?? 0)) +
              reach * Math.abs(found.scale - (how.scale ?? 1)) +
              (reach * Math.abs(found.degrees - (how.degrees ?? 0)) * Math.PI) / 180
            : Number.POSITIVE_INFINITY,
        })
      }
    }
  return rows
}

function listCases(large: Rgba, next: (from: number, to: number) => number): { what: Row['what']; drawn: Rgba; how: Redraw }[] {
  const either = (from: number, to: number) => (next(0, 1) < 0.5 ? -1 : 1) * next(from, to)
  const light = (): Redraw => ({ gain: [next(0.85, 1.15), next(0.85, 1.15), next(0.85, 1.15)], offset: next(-8, 8) })
  const together = (): Redraw => ({ dx: either(0, 20), dy: either(0, 20), scale: next(0.94, 1.06), degrees: either(0, 5), ...light() })
  const change = [squeeze, bend, breakOff][Math.floor(next(0, 3))] ?? squeeze
  const stone = removeStone(large, 0.05)
  return [
    { what: 'shift', drawn: large, how: { dx: either(2, 24), dy: either(2, 24) } },
    { what: 'scale', drawn: large, how: { scale: 1 + either(0.02, 0.07) } },
    { what: 'rotation', drawn: large, how: { degrees: either(1, 6) } },
    // 15 % brighter
    { what: 'light', drawn: large, how: { gain: [1.15, 1.15, 1.15] } },
    { what: 'together', drawn: large, how: together() },
    { what: 'shape', drawn: change(large, 0.06), how: together() },
    ...(stone ? [{ what: 'stone' as const, drawn: stone, how: together() }] : []),
  ]
}

/** The same at every run (Numerical Recipes’ linear congruence). */
function createRandom(seed: number): (from: number, to: number) => number {
  let state = seed + 1
  return (from, to) => {
    state = (state * 1_664_525 + 1_013_904_223) % 4_294_967_296
    return from + ((to - from) * state) / 4_294_967_296
  }
}
