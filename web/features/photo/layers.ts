/** @file What can be drawn over the picture. */
import type { PhotoDetail } from '../../../src/contract/photo.ts'

export type Layer = 'objects' | 'text' | 'faces'

export const LAYERS: readonly { readonly name: Layer; readonly label: string; readonly hotkey: string }[] = [
  { name: 'objects', label: 'Objects', hotkey: 'o' },
  { name: 'text', label: 'Text', hotkey: 't' },
  { name: 'faces', label: 'Faces', hotkey: 'n' },
]

export function countLayers(photo: PhotoDetail): Record<Layer, number> {
  return { objects: photo.objects.length, text: photo.text?.lines.length ?? 0, faces: photo.faces.length }
}
