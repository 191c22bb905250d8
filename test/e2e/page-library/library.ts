/** @file The one library that the page tests of this folder share: to start a program and to analyse pictures takes longer than most of the tests. */
import { expect } from 'vitest'
import { LONG, openPageLibrary, type PageLibrary, type PictureName } from '../../support/page.ts'

/** those that can be read */
export const READABLE = [
  'cat.jpg',
  'boats.jpg',
  'trip/kite.jpg',
  'trip/coffee.jpg',
  'trip/wine.jpg',
  `trip/${LONG}`,
  'people/astronaut.jpg',
  'paper/bookshop.jpg',
  'there.jpg',
] as const satisfies readonly PictureName[]

let open: PageLibrary | undefined

export const library = (): PageLibrary => open ?? expect.fail('the library is not open')

export async function openLibrary(): Promise<void> {
  open = await openPageLibrary([...READABLE, 'broken.jpg'])
}
export const closeLibrary = async (): Promise<void> => open?.[Symbol.asyncDispose]()
