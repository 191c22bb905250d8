/** @file Keys that lead to places, for whoever lists them; the shell gives them from its list of places. */
import { createContext } from 'react'

export const PlaceKeysContext = createContext<readonly { readonly key: string; readonly label: string }[]>([])
