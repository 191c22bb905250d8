import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import sharp from 'sharp'
import { afterAll, expect, it } from 'vitest'
import { endExiftool, readTags } from '../../../src/media/exiftool.ts'
import { keepProvenance } from '../../../src/media/keep-provenance.ts'
import { writeProvenance } from '../../../src/media/write-provenance.ts'

afterAll(endExiftool)

const plain = (path: string) => sharp({ create: { width: 20, height: 20, channels: 3, background: '#fff' } }).toFile(path)
const said = async (path: string) => readTags(path, ['-G1', '-XMP-iptcExt:all'])

it('a copy says as its picture who made the pixels, and nothing else of it; where nothing is said nothing is added', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'fototeca-provenance-'))
  const at = (name: string) => join(folder, name)
  for (const name of ['made.png', 'copy.jpg', 'photo.jpg', 'other.jpg']) await plain(at(name))
  await writeProvenance(at('made.png'), {
    kind: 'compositeWithTrainedAlgorithmicMedia',
    model: 'gpt-image-1',
    prompt: 'A hand',
    seed: 7,
    source: 'ring.jpg',
    title: 'Ring',
  })
  await keepProvenance(at('made.png'), at('copy.jpg'))
  expect(await said(at('copy.jpg'))).toMatchObject({
    'XMP-iptcExt:DigitalSourceType': expect.stringMatching(/\/compositeWithTrainedAlgorithmicMedia$/),
    'XMP-iptcExt:AISystemUsed': 'gpt-image-1',
    'XMP-iptcExt:AIPromptInformation': 'A hand (seed 7)',
  })
  expect(await readTags(at('copy.jpg'), ['-G1', '-XMP-dc:all'])).not.toHaveProperty('XMP-dc:Title')
  await keepProvenance(at('photo.jpg'), at('other.jpg'))
  expect(await said(at('other.jpg'))).not.toHaveProperty('XMP-iptcExt:DigitalSourceType')
  await rm(folder, { recursive: true, force: true })
})
