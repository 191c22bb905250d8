/** @file What leaves this machine when pictures are described and descriptions embedded, in words for the pages and /health. Pure. */
import type { Describer } from '../models/ports/describer.ts'

const NOTHING = 'Nothing leaves this machine.'

export function saidWhatLeaves(describer: Pick<Describer, 'isRemote' | 'sendsTo' | 'form'> | null, maxSide: number): string {
  if (!describer) return NOTHING
  const what = `a copy of each picture, at most ${maxSide} px long, without EXIF or any other metadata and without its name`
  if (!describer.isRemote)
    return describer.sendsTo.length === 0
      ? 'Nothing leaves this machine: pictures are described inside fototeca.'
      : `Nothing leaves this machine: ${what}, goes to ${describer.sendsTo.join(' and ')}, which is this machine.`
  return `To ${describer.sendsTo.join(' and ')} goes ${what}${describer.form === 'two-calls' ? ', or the caption made from it' : ''}.`
}

/** @returns null when nothing does because nobody is asked */
export function saidWhatTextsLeave(server: { readonly host: string; readonly isRemote: boolean } | null): string | null {
  if (!server) return null
  const what = 'captions and tags of described photos, and the words of searches by meaning'
  return server.isRemote
    ? `To ${server.host} go ${what}.`
    : `Nothing leaves this machine: ${what} go to ${server.host}, which is this machine.`
}

/** Both sentences as one text. */
export function joinLeaves(pictures: string, texts: string | null): string {
  if (texts === null) return pictures
  return pictures === NOTHING ? texts : `${pictures} ${texts}`
}
