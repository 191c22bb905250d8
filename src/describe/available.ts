/** @file The describers one can choose from: what is missing for each, and whether its servers were found to answer. */
import type { DescriberReport } from '../contract/describe.ts'
import { describeError } from '../domain/errors.ts'
import { type DescriberSettings, openDescriber } from '../models/describe/open-describer.ts'
import { PRESETS } from '../models/describe/presets.ts'
import type { Describer } from '../models/ports/describer.ts'

export interface Available {
  /** Asks nobody: what lies on this machine is looked at, servers are as they were when last asked. */
  list(): Promise<DescriberReport[]>
  /**
   * Asks whether the model is there, and remembers it until the process ends. No picture is sent.
   * @param choice a preset, or `preset=model`
   * @throws FototecaError `not_found` for an unknown preset
   */
  ask(choice: string): Promise<DescriberReport>
}

interface Asked {
  readonly isThere: boolean
  readonly said: string
  readonly at: string
}

export function createAvailable(settings: DescriberSettings, now: () => number = Date.now): Available {
  const asked = new Map<string, Asked>()

  const report = async (choice: string): Promise<DescriberReport> => {
    const preset = PRESETS.find(({ name }) => name === choice.split('=', 1)[0]?.toLowerCase())
    const known = { name: choice, model: preset?.model ?? null, licence: preset?.licence ?? '' }
    let describer: Describer
    try {
      describer = openDescriber(choice, settings)
    } catch (error) {
      if (!preset) throw error
      return { ...known, remote: null, sends_to: [], missing: describeError(error), state: 'not set up', said: null, asked_at: null }
    }
    await using opened = describer
    const missing = await opened.findMissing()
    const answer = asked.get(choice)
    return {
      ...known,
      model: opened.info.name,
      remote: opened.isRemote,
      sends_to: [...opened.sendsTo],
      missing,
      state: stateOf(opened, missing, answer),
      said: answer?.said ?? null,
      asked_at: answer?.at ?? null,
    }
  }

  return {
    list: () => Promise.all(PRESETS.filter(({ kind }) => kind !== 'fake').map(({ name }) => report(name))),
    async ask(choice) {
      const before = await report(choice)
      if (before.missing !== null) return before
      await using describer = openDescriber(choice, settings)
      const at = new Date(now()).toISOString()
      const answer = await describer.checkPresence().then(
        (said): Asked => ({ isThere: true, said, at }),
        (error: unknown): Asked => ({ isThere: false, said: describeError(error), at }),
      )
      asked.set(choice, answer)
      return report(choice)
    },
  }
}

function stateOf({ sendsTo }: Describer, missing: string | null, answer: Asked | undefined): DescriberReport['state'] {
  if (missing !== null) return 'not set up'
  if (answer) return answer.isThere ? 'ready' : 'not ready'
  return sendsTo.length === 0 ? 'ready' : 'not asked'
}
