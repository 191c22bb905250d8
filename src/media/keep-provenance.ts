/** @file What a file says of who made its pixels (IPTC digital source type and its words for AI) goes along into a copy made of it. */
import { readFile } from 'node:fs/promises'
import type { WriteTags } from 'exiftool-vendored'
import { readTags, writeTags } from './exiftool.ts'

const TAGS = ['DigitalSourceType', 'AISystemUsed', 'AIPromptInformation'] as const

/**
 * @param to a file of ours, which says nothing of it yet
 * @throws FototecaError `unavailable` without perl, where there is something to take along
 */
export async function keepProvenance(from: string, to: string): Promise<void> {
  // most pictures say nothing of it, and starting exiftool for them takes longer than the copy
  if (!(await readFile(from)).includes('DigitalSourceType')) return
  const found = await readTags(from, ['-G1', ...TAGS.map((tag) => `-XMP-iptcExt:${tag}#`)])
  const said = Object.entries(found).filter(([tag, value]) => tag.startsWith('XMP-iptcExt:') && typeof value === 'string')
  if (said.length > 0) await writeTags(to, Object.fromEntries(said) as WriteTags)
}
