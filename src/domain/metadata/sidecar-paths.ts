/** @file Where programs put the XMP sidecar of a picture, and how a state of it is told from another. Pure. */

/**
 * One list per way of naming, in each the first that is there counts: `photo.jpg.xmp` (darktable, digiKam, we) and `photo.xmp`
 * (Lightroom, Capture One, Bridge).
 */
export function listSidecarPaths(path: string): readonly (readonly string[])[] {
  const stem = path.replace(/\.[^./\\]+$/, '')
  return [path, stem].map((name) => [`${name}.xmp`, `${name}.XMP`])
}

export const isSidecarName = (filename: string): boolean => /\.xmp$/i.test(filename)

export interface SidecarState {
  readonly bytes: number
  readonly modifiedMs: number
}

/** What stands in `photo_files.sidecar`; null where nothing lies beside the file. @param states by way of naming */
export function markSidecars(states: readonly (SidecarState | undefined)[]): string | null {
  const parts = states.flatMap((state, way) => (state ? [`${way}:${state.bytes}:${state.modifiedMs}`] : []))
  return parts.length === 0 ? null : parts.join(' ')
}
