/** @file fototeca show: everything known about a photo. */
import type { Command } from 'commander'
import type { PhotoDetail } from '../../contract/photo.ts'
import type { CliContext } from '../context.ts'
import { formatBytes, formatTable, toPlainText } from '../format.ts'

export function addShow(program: Command, context: CliContext): void {
  program
    .command('show')
    .description('show everything known about a photo')
    .argument('<id>', 'photo number')
    .addHelpText('after', '\nExamples:\n  fototeca show 42\n  fototeca show --json 42 | jq .text.text')
    .action(async (id: string) => {
      const photo = await context.withApi((api) => api.call('getPhoto', { params: { id } }))
      context.print(photo, () => renderPhoto(photo))
    })
}

function renderPhoto(photo: PhotoDetail): string {
  const rows: [string, string][] = [
    ['photo', `${photo.id}  ${photo.filename}`],
    ['state', photo.reason === null ? photo.state : `${photo.state}: ${photo.reason}`],
    [
      'file',
      `${photo.format ?? 'unknown format'}, ${formatBytes(photo.bytes)}${photo.width === null ? '' : `, ${photo.width} × ${photo.height}`}`,
    ],
    ['taken', photo.taken_local === null ? `unknown; shown under ${photo.day}` : `${photo.taken_local} ${photo.taken_zone ?? ''}`],
  ]
  for (const file of photo.files) rows.push(['at', `${file.source}: ${file.path}${file.missing_since === null ? '' : ' (missing)'}`])
  const { metadata } = photo
  if (metadata) {
    const camera = [metadata.camera_make, metadata.camera_model, metadata.lens].filter((part) => part !== null)
    if (camera.length > 0) rows.push(['camera', camera.join(', ')])
    if (metadata.latitude !== null) {
      const called = [metadata.city, metadata.country].filter((part) => part !== null).join(', ')
      rows.push(['place', `${metadata.latitude}, ${metadata.longitude}${called === '' ? '' : ` (${called})`}`])
    }
    if (metadata.description ?? metadata.title) rows.push(['says', metadata.description ?? metadata.title ?? ''])
  }
  if (photo.tags.length > 0) rows.push(['tags', photo.tags.map((tag) => `${tag.tag} ${tag.confidence.toFixed(2)}`).join(', ')])
  if (photo.faces.length > 0) rows.push(['faces', photo.faces.map((face) => face.person?.name ?? 'unnamed').join(', ')])
  if (photo.colours.length > 0) rows.push(['colours', sumShares(photo.colours)])
  if (photo.text && photo.text.text !== '') rows.push(['text', photo.text.text.replaceAll('\n', ' / ')])
  for (const { photo: other, kind, hamming_distance: bits } of photo.duplicates)
    rows.push(['like', `photo ${other.id} ${other.filename} (${kind}${bits === null ? '' : `, ${bits} bits`})`])
  for (const step of photo.steps)
    rows.push([
      'step',
      `${step.step}: ${step.state}${step.duration_ms === null ? '' : `, ${Math.round(step.duration_ms)} ms`}${step.reason === null ? '' : `: ${step.reason}`}`,
    ])
  return formatTable(rows.map(([name, value]) => [name, toPlainText(value)]))
}

/** Two colours of a palette may be called alike: `white 83 %, white 7 %` says less than `white 90 %`. */
function sumShares(colours: readonly { readonly name: string; readonly share: number }[]): string {
  const shares = Map.groupBy(colours, ({ name }) => name)
  return [...shares].map(([name, own]) => `${name} ${Math.round(own.reduce((sum, { share }) => sum + share, 0) * 100)} %`).join(', ')
}
