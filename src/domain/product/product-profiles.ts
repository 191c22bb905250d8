/** @file The product profiles, chosen by FOTOTECA_PRODUCT_PROFILE. One file each in `profiles/`, and a line here. */
import type { ProductProfile } from './product-profile.ts'
import { profile as fashion } from './profiles/fashion.ts'
import { profile as general } from './profiles/general.ts'
import { profile as jewelry } from './profiles/jewelry.ts'
import type { Vocabulary } from './vocabulary.ts'

const PROFILES = { jewelry, fashion, general } as const satisfies Record<string, ProductProfile>
export type ProductProfileName = keyof typeof PROFILES
export const PRODUCT_PROFILES: Readonly<Record<ProductProfileName, ProductProfile>> = PROFILES
export const PRODUCT_PROFILE_NAMES = Object.keys(PROFILES) as [ProductProfileName, ...ProductProfileName[]]

/** Marketplaces ask other things of jewelry, whatever else the shop sells. */
export const JEWELRY_KINDS: Vocabulary = jewelry.kinds
