/** @file Whether the built-in text–image space is used here: by the setting, and by what its training pictures may be used for. */
import type { SpeakingModel } from '../chosen/opened-models.ts'
import { openBasicMeaning } from '../providers/builtin-meaning/index.ts'

export type BasicChoice =
  /** `isOnly`: no other takes over */
  | { readonly kind: 'on'; readonly model: SpeakingModel; readonly isOnly: boolean }
  | { readonly kind: 'off' }
  /** products are sold, and its training pictures are for non-commercial use: the owner decides */
  | { readonly kind: 'undecided' }
  | { readonly kind: 'broken'; readonly error: unknown }

/** @param setting FOTOTECA_MEANING */
export async function chooseBasic(setting: 'auto' | 'basic' | 'off', sellsProducts: boolean): Promise<BasicChoice> {
  if (setting === 'off') return { kind: 'off' }
  if (setting === 'auto' && sellsProducts) return { kind: 'undecided' }
  try {
    return { kind: 'on', model: await openBasicMeaning(), isOnly: setting === 'basic' }
  } catch (error) {
    return { kind: 'broken', error }
  }
}
