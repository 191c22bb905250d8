/** @file The fixed words of products. Apart from the schemas, so that the page can use them without a validator. */

export const SLOTS = ['main', 'angle', 'detail', 'on-model', 'dimension', 'lifestyle'] as const
export type Slot = (typeof SLOTS)[number]
export const PICTURE_STATES = ['stored', 'held', 'trashed'] as const
export const PROFILE_NAMES = ['amazon-main', 'amazon', 'google', 'ebay', 'etsy', 'shopify', 'walmart'] as const
export type ProfileName = (typeof PROFILE_NAMES)[number]
/** What can be mended without making anything up. */
export const MENDS = ['crop', 'pad', 'white', 'resize', 'srgb', 'strip'] as const
export type Mend = (typeof MENDS)[number]
/** What a product picture says in words, as system D has it: a person’s word stands over a model’s. */
export const WORD_FIELDS = ['name', 'description', 'attributes', 'colour', 'prompt'] as const
export type WordField = (typeof WORD_FIELDS)[number]
export const WORD_SOURCES = ['person', 'model', 'template', 'measured'] as const
