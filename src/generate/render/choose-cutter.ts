/** @file The cutter of the render process: the chosen model while it works, the built-in one where it does not, and why. */
import type { Device } from '../../config/device.ts'
import { describeError } from '../../domain/errors.ts'
import type { Picture } from '../../media/picture.ts'
import type { FoundOutline, ProductCutter } from '../../models/ports/capability.ts'
import { createPlainCutter } from '../../models/providers/builtin-cut-out/index.ts'
import { openCutter } from '../../models/providers/onnx-cut-out/open-cutter.ts'
import type { CutterChoice } from './protocol.ts'

/** A network of this kind holds gigabytes; nobody may need it again today. */
const IDLE_MS = 60_000

export interface Found {
  readonly found: FoundOutline
  /** model id of what found it */
  readonly cutter: string
  /** why it is not the chosen one; null when it is */
  readonly instead: string | null
}

export function createCutters(device: Device) {
  const plain = createPlainCutter()
  let open: { readonly folder: string; readonly cutter: ProductCutter } | undefined
  let idle: NodeJS.Timeout | undefined

  const close = async () => {
    const { cutter } = open ?? {}
    open = undefined
    await cutter?.[Symbol.asyncDispose]()
  }

  const byModel = async ({ folder, threads }: Extract<CutterChoice, { folder: string }>, picture: Picture): Promise<Found> => {
    clearTimeout(idle)
    if (open && open.folder !== folder) await close()
    open ??= { folder, cutter: await (await openCutter(folder, { device, threads })).open() }
    try {
      const { cutter } = open
      return { found: await cutter.findOutline(picture), cutter: cutter.info.id, instead: null }
    } catch (error) {
      await close()
      throw error
    } finally {
      idle = setTimeout(() => void close(), IDLE_MS).unref()
    }
  }

  return async (choice: CutterChoice, picture: Picture): Promise<Found> => {
    let instead: string | null = null
    if (choice !== 'built-in') {
      if ('missing' in choice) instead = choice.missing
      else
        try {
          return await byModel(choice, picture)
        } catch (error) {
          instead = `the chosen cutter failed: ${describeError(error)}`
        }
    }
    return { found: await plain.findOutline(picture), cutter: plain.info.id, instead }
  }
}
