/** @file Where lists were left, so that coming back lands at the same place. Lives as long as the tab. */

const places = new Map<string, unknown>()

export function keepPlace<T>(key: string, place: T): void {
  places.set(key, place)
}

export function recallPlace<T>(key: string): T | undefined {
  return places.get(key) as T | undefined
}

export interface LastPhoto {
  readonly id: number
  /** where it stands in the gallery, when it was reached from there */
  readonly day?: string
  readonly index?: number
}

let lastPhoto: LastPhoto | null = null

/** The photo looked at last, which gets the focus when its list is shown again. */
export function rememberPhoto(photo: LastPhoto): void {
  // while the page is left, the photo is known but no longer its place
  if (lastPhoto?.id === photo.id && photo.day === undefined) return
  lastPhoto = photo
}

/** Gives it once: a list opened later by other ways starts fresh. */
export function takeLastPhoto(): LastPhoto | null {
  const photo = lastPhoto
  lastPhoto = null
  return photo
}
