/** @file Writes into a made picture where its pixels come from (IPTC digital source type and its words for AI), before anybody sees it. */
import type { WriteTags } from 'exiftool-vendored'
import { writeTags } from './exiftool.ts'

const TYPES = 'http://cv.iptc.org/newscodes/digitalsourcetype/'

export interface Provenance {
  /**
   * `trainedAlgorithmicMedia`: a model made all pixels; `compositeWithTrainedAlgorithmicMedia`: around the photo’s own;
   * `algorithmicallyEnhanced`: all are the photo’s own, laid down anew
   */
  readonly kind: 'trainedAlgorithmicMedia' | 'compositeWithTrainedAlgorithmicMedia' | 'algorithmicallyEnhanced'
  readonly model: string | null
  readonly prompt: string | null
  readonly seed: number | null
  /** file name and SHA-256 of the photo it was made from; null: it was made from words alone */
  readonly source: string | null
  readonly title: string
}

/** @throws FototecaError `unavailable` without perl; a picture without provenance must not be kept */
export async function writeProvenance(path: string, { kind, model, prompt, seed, source, title }: Provenance): Promise<void> {
  const tags: Record<string, string> = {
    'XMP-iptcExt:DigitalSourceType': `${TYPES}${kind}`,
    'XMP-dc:Title': title,
    'XMP-xmp:CreatorTool': 'fototeca',
  }
  if (source !== null) tags['XMP-dc:Source'] = source
  if (model !== null) tags['XMP-iptcExt:AISystemUsed'] = model
  if (prompt !== null) tags['XMP-iptcExt:AIPromptInformation'] = seed === null ? prompt : `${prompt} (seed ${seed})`
  await writeTags(path, tags as WriteTags)
}
