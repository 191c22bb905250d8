/** @file What leaves this machine when pictures are described, in one sentence for the settings page and /health. Pure. */
import type { Describer } from '../models/describer.ts'

export function saidWhatLeaves(describer: Pick<Describer, 'isRemote' | 'sendsTo' | 'form'> | null, maxSide: number): string {
  if (!describer) return 'Nothing leaves this machine.'
  const what = `a copy of each picture, at most ${maxSide} px long, without EXIF or any other metadata and without its name`
  if (!describer.isRemote)
    return describer.sendsTo.length === 0
      ? 'Nothing leaves this machine: pictures are described inside fototeca.'
      : `Nothing leaves this machine: ${what}, goes to ${describer.sendsTo.join(' and ')}, which is this machine.`
  return `To ${describer.sendsTo.join(' and ')} goes ${what}${describer.form === 'two-calls' ? ', or the caption made from it' : ''}.`
}
