/** @file The process in which pictures are made from pixels: decodes, cuts out, lays down, measures. Remembers where the last product is. */
import type { GeneratedCheck } from '../../contract/generate.ts'
import { FototecaError } from '../../domain/errors.ts'
import { parseLength } from '../../domain/product/length.ts'
import { type Canvas, encodeMask, encodePng, layOver, makeCanvas, type Rgba, readCanvas, resizeRgba } from '../../media/canvas.ts'
import { decodeForCutting, type FullSize } from '../../media/decode.ts'
import { serveProcess } from '../../models/workers/process-model.ts'
import { holdOriginal } from '../../storage/bounds.ts'
import { findAlteration, findRedrawing, measureFidelity } from '../fidelity.ts'
import { createCutters, type Found } from './choose-cutter.ts'
import { type CutOut, cutProduct } from './cut-product.ts'
import { areaBesideMarks, drawMarks } from './dimensions.ts'
import { OWN_CHECKS } from './own-checks.ts'
import { layWhereDrawn, type Placement, placeProduct, takeFromMatte } from './place.ts'
import type { Original, OwnJob, Rendered, RenderSettings, SceneJob, Stage, StageJob } from './protocol.ts'
import { castShadow } from './shadow.ts'
import { renderOnWhite } from './white-background.ts'

/** What makers of edits take. */
const STAGE_SIDE = 1024
const STAGE_GREY = [188, 188, 188] as const
/** Enlarged beyond this, a person sees that pixels are missing. */
const ENLARGED = 2.5

/** A scene needs the product a little larger than it lays it down: scaling down once keeps it sharp. */
const SCENE_SPARE = 1.25
/** Then the last picture is let go. */
const IDLE_MS = 60_000

/** How a model drew the product; null: none did. */
type Drawn = Awaited<ReturnType<typeof findRedrawing>> | null
/** A chain as thin as its own edge. */
const UNCOMPARED = 'how the model drew the product cannot be compared: it is too thin'

interface Cut extends CutOut, Pick<Found, 'cutter' | 'instead'> {}

serveProcess(async (settings: RenderSettings) => {
  const findProduct = createCutters(settings.device)
  let last: { readonly key: string; readonly full: FullSize; readonly found: Found } | undefined
  let idle: NodeJS.Timeout | undefined

  const find = async ({ path, bounds, format, cutter }: Original) => {
    const key = JSON.stringify([path, cutter])
    clearTimeout(idle)
    idle = setTimeout(() => {
      last = undefined
    }, IDLE_MS).unref()
    if (last?.key === key) return last
    last = undefined
    const reach = async <T>(use: (path: string) => Promise<T>): Promise<T> => {
      await using held = await holdOriginal(path, bounds)
      return await use(held.path)
    }
    const { picture, full } = await decodeForCutting(reach, format, settings.limits, new AbortController().signal)
    last = { key, full, found: await findProduct(cutter, picture) }
    return last
  }

  /** @param longest pixels of the product's longer side that are of use */
  const cutOut = async (original: Original, longest: number): Promise<Cut> => {
    const { full, found } = await find(original)
    const cut = await cutProduct(found.found, full, longest)
    if (!cut) throw new FototecaError('unreadable_picture', found.found.notice ?? 'nothing stands out from the background of this picture')
    return { ...cut, cutter: found.cutter, instead: found.instead }
  }

  const finish = async (canvas: Canvas, layer: Rgba, at: Placement, cut: Cut, checks: GeneratedCheck[], drawn: Drawn) => {
    const png = await encodePng(canvas)
    // measured on what will be looked at: the file, read again
    const read = await readCanvas(png)
    const fidelity = measureFidelity(read, layer, at.to.left, at.to.top, drawn?.redraw ?? null)
    const altered = drawn && !drawn.redraw ? UNCOMPARED : findAlteration(fidelity)
    checks.push(
      altered
        ? { name: 'fidelity', verdict: 'fail', says: altered }
        : {
            name: 'fidelity',
            verdict: 'pass',
            says: `${fidelity.pixels} pixels of the product as in the photo, largest difference ${fidelity.most}`,
          },
      cut.isSure
        ? { name: 'cut-out', verdict: 'pass', says: `sure (${cut.sureness.toFixed(2)})` }
        : { name: 'cut-out', verdict: 'fail', says: cut.notice ?? 'not sure' },
      ...(cut.instead === null
        ? []
        : [{ name: 'cutter', verdict: 'warn' as const, says: `cut out by the built-in cutter instead: ${cut.instead}` }]),
      at.scale > ENLARGED
        ? {
            name: 'resolution',
            verdict: 'warn',
            says: `the product was enlarged ${at.scale.toFixed(1)} times; a larger photo would be sharper`,
          }
        : {
            name: 'resolution',
            verdict: 'pass',
            says: `the product takes ${at.to.width} × ${at.to.height} px, scaled ${at.scale.toFixed(2)} times`,
          },
    )
    const rendered: Rendered = {
      png,
      width: canvas.width,
      height: canvas.height,
      cutter: cut.cutter,
      fidelity,
      checks,
      held: altered ?? (cut.isSure ? null : (cut.notice ?? 'the cut-out may be wrong')),
    }
    return rendered
  }

  /** The product where a scene wants it. */
  const place = async ({ original, side, fill, middle }: StageJob) => {
    const cut = await cutOut(original, fill * side * SCENE_SPARE)
    const half = Math.round(side * Math.min(middle.x, 1 - middle.x, middle.y, 1 - middle.y))
    const area = { left: Math.round(side * middle.x) - half, top: Math.round(side * middle.y) - half, width: 2 * half, height: 2 * half }
    const placement = placeProduct(cut.matte, area, Math.min(1, (fill * side) / (2 * half)))
    if (!placement) throw new FototecaError('unreadable_picture', 'nothing stands out from the background of this picture')
    return { cut, placement, product: takeFromMatte(cut.matte, placement.from) }
  }

  return {
    async own(job: OwnJob) {
      const cut = await cutOut(job.original, job.mostSide * job.fill)
      const lengths = { height: readLength('height', job.height), width: readLength('width', job.width) }
      const isMarked = job.way === 'dimensions'
      if (isMarked && !lengths.height && !lengths.width)
        throw new FototecaError('invalid', 'a dimension image draws height and width: give at least one of them, e.g. height “38 mm”')
      const made = await renderOnWhite(cut, {
        side: job.side,
        mostSide: job.mostSide,
        fill: job.fill,
        shadow: isMarked ? 'none' : job.shadow,
        ...(isMarked ? { areaOf: (side: number) => areaBesideMarks(side, lengths) } : {}),
      })
      if (!made) throw new FototecaError('unreadable_picture', 'nothing stands out from the background of this picture')
      if (isMarked) await drawMarks(made.canvas, made.placement.to, lengths)
      const checks = job.checks.map((name) => OWN_CHECKS[name](made, lengths))
      return finish(made.canvas, made.layer, made.placement, cut, checks, null)
    },

    async stage(job: StageJob): Promise<Stage> {
      const { product, placement } = await place({ ...job, side: STAGE_SIDE })
      const layer = await resizeRgba(product, placement.to.width, placement.to.height)
      const canvas = makeCanvas(STAGE_SIDE, STAGE_SIDE, STAGE_GREY)
      layOver(canvas, layer, placement.to.left, placement.to.top)
      // transparent is where the maker paints
      const mask: Rgba = { width: STAGE_SIDE, height: STAGE_SIDE, data: new Uint8Array(STAGE_SIDE * STAGE_SIDE * 4) }
      for (let y = 0; y < layer.height; y++)
        for (let x = 0; x < layer.width; x++)
          mask.data[((y + placement.to.top) * STAGE_SIDE + x + placement.to.left) * 4 + 3] = layer.data[
            (y * layer.width + x) * 4 + 3
          ] as number
      return { image: await encodePng(canvas), mask: await encodeMask(mask) }
    },

    async scene(job: SceneJob) {
      const { cut, product, placement: put } = await place(job)
      const readScene = (side: number) =>
        readCanvas(job.scene, { width: side, height: side }).catch((error: unknown) => {
          throw new FototecaError('model_failed', 'the maker answered with a picture that cannot be read', { cause: error })
        })
      const canvas = await readScene(job.side)
      const redrawn = job.sawProduct ? await findRedrawing(product, put.to, job.side, readScene) : null
      const { layer, placement } = await layWhereDrawn(product, put, redrawn?.place ?? null)
      await castShadow(canvas, 'drawn', { matte: cut.matte, own: null, placement, layer }, cut.picture)
      layOver(canvas, layer, placement.to.left, placement.to.top)
      return finish(canvas, layer, placement, cut, [], redrawn)
    },
  }
})

function readLength(name: string, written: string | null) {
  if (written === null || written.trim() === '') return null
  const length = parseLength(written)
  if (!length) throw new FototecaError('invalid', `${name}: “${written.slice(0, 60)}” is no length; write e.g. 38 mm, 3.8 cm or 1 1/2 in`)
  return length
}
