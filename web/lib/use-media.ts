/** @file Whether a media query holds, kept current. */
import { useCallback, useSyncExternalStore } from 'react'

/** narrower than the breakpoint `desk` of the styles */
export const PHONE = '(max-width: 56.24rem)'

export function useMedia(query: string): boolean {
  const subscribe = useCallback(
    (listener: () => void) => {
      const media = matchMedia(query)
      media.addEventListener('change', listener)
      return () => media.removeEventListener('change', listener)
    },
    [query],
  )
  return useSyncExternalStore(subscribe, () => matchMedia(query).matches)
}
