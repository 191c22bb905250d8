/** @file Which picture formats this machine’s sharp can read, for `fototeca doctor`. HEIC and RAW have their own ways. */
import sharp from 'sharp'

export function listDecoders(): { readonly format: string; readonly isThere: boolean }[] {
  const { jpeg, png, webp, gif, tiff, heif } = sharp.format
  return Object.entries({ jpeg, png, webp, gif, tiff, avif: heif }).map(([format, support]) => ({
    format,
    isThere: support?.input.buffer === true,
  }))
}
