/** @file The describers one can choose from, each with what is missing for it. Opening one asks nobody. */
import type { DescriberReport } from '../contract/describe.ts'
import { describeError } from '../domain/errors.ts'
import { type DescriberSettings, openDescriber } from '../models/describe/open-describer.ts'
import { PRESETS } from '../models/describe/presets.ts'

export function listAvailable(settings: DescriberSettings): DescriberReport[] {
  return PRESETS.filter((preset) => preset.kind !== 'fake').map((preset) => {
    const { name, model, licence } = preset
    try {
      const describer = openDescriber(name, settings)
      void describer[Symbol.asyncDispose]()
      return { name, model, licence, remote: describer.isRemote, sends_to: [...describer.sendsTo], missing: null }
    } catch (error) {
      return { name, model, licence, remote: null, sends_to: [], missing: describeError(error) }
    }
  })
}
