/**
 * @file Maps a page of any height onto a scroll container the browser can hold. Pure.
 * Browsers stop at 16–33 million device pixels; a million photos are 34 million CSS pixels high. The container is at most
 * `CAP` high, content lies at `top − base`, and `base` is set right again whenever scrolling rests.
 */

/** a third of the smallest known limit at three device pixels per CSS pixel */
export const CAP = 4_000_000

/** near its ends the page scrolls pixel by pixel, so that the last ones can be reached */
const ROOM = 3000

export interface ScrollWindow {
  /** height of the container’s content */
  readonly height: number
  /** page coordinate = scrollTop + base */
  readonly base: number
  readonly scrollTop: number
}

/** The container’s height for a page of this height. */
export function containerHeight(pageHeight: number): number {
  return Math.min(pageHeight, CAP)
}

/** Where the container rests when `pageTop` is at the top of the view: proportional, so both ends can be reached. */
export function restAt(pageTop: number, pageHeight: number, viewHeight: number): ScrollWindow {
  const height = containerHeight(pageHeight)
  const most = Math.max(0, pageHeight - viewHeight)
  const top = Math.min(most, Math.max(0, pageTop))
  const lowest = height - viewHeight
  const share = Math.round(most === 0 ? 0 : (top / most) * lowest)
  const scrollTop = pageHeight <= CAP ? top : Math.min(Math.max(share, Math.min(top, ROOM)), lowest - Math.min(most - top, ROOM))
  return { height, base: top - scrollTop, scrollTop }
}

/** True where scrolling on would hit an end of the container before the page’s own end, or leave the page. */
export function mustRest(window: ScrollWindow, pageHeight: number, viewHeight: number): boolean {
  const top = window.scrollTop + window.base
  const atTop = window.scrollTop <= 0 && top > 0.5
  const atBottom = window.scrollTop + viewHeight >= window.height - 1 && top + viewHeight < pageHeight - 1
  return atTop || atBottom || top < -0.5 || (top > 0.5 && top + viewHeight > pageHeight + 0.5)
}
