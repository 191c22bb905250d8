/** @file What marketplaces ask of a picture, as data. Sources and days beside each; what was read at a third party says so. */
import type { ProfileName } from '../contract/product-words.ts'

/** Bounds of one rule; what is not named is not asked. */
export interface MarketplaceRules {
  readonly longestSide?: { readonly least: number; readonly advised?: number; readonly most?: number }
  readonly shortestSide?: { readonly least: number }
  /** width ÷ height */
  readonly shapes?: readonly { readonly ratio: number; readonly name: string }[]
  readonly mostBytes?: number
  readonly mostPixels?: number
  /** of a JPEG, 1–100 */
  readonly leastQuality?: number
  readonly formats?: { readonly taken: readonly string[]; readonly preferred?: string }
  /** the background is 255, 255, 255 */
  readonly white?: true
  /** of the frame, by the product’s longer side; `jewelry` where its own guide says otherwise */
  readonly fill?: { readonly least: number; readonly jewelry: number }
  /** edges that may cut it: a chain may leave the frame at one */
  readonly edges?: { readonly most: number; readonly jewelry: number }
  readonly noText?: true
  readonly noPeople?: true
  readonly noBorder?: true
  readonly srgb?: true
  /** pictures of the product, this one among them */
  readonly pictures?: number
  /** what a model made says so in the file */
  readonly aiMark?: true
  /** asked for, and told by no measure: a person looks */
  readonly toLookAt?: readonly { readonly rule: string; readonly wants: string }[]
}

export interface Marketplace {
  readonly title: string
  readonly source: string
  readonly isConfirmed: boolean
  readonly rules: MarketplaceRules
}

const AMAZON_SIZE = {
  longestSide: { least: 500, advised: 1600, most: 10_000 },
  mostBytes: 10_000_000,
  formats: { taken: ['jpeg', 'png', 'tiff', 'gif'], preferred: 'jpeg' },
  srgb: true,
} as const satisfies MarketplaceRules
const NO_PROP = { rule: 'props', wants: 'nothing that is not sold with it' }
const NO_LOGO = { rule: 'logo', wants: 'no logo or badge laid over it' }
const NO_INSET = { rule: 'inset', wants: 'no smaller picture in it' }
const SQUARE = { ratio: 1, name: 'square' }

export const MARKETPLACES = {
  'amazon-main': {
    title: 'Amazon, main image',
    source: 'Amazon image guide; jewelry guide (80 % of the frame, chains may be cut), 2026',
    isConfirmed: true,
    rules: {
      ...AMAZON_SIZE,
      white: true,
      fill: { least: 0.85, jewelry: 0.8 },
      edges: { most: 0, jewelry: 1 },
      noText: true,
      noPeople: true,
      noBorder: true,
      pictures: 6,
      toLookAt: [NO_LOGO, NO_INSET, NO_PROP, { rule: 'mannequin', wants: 'none, nor a jewelry model' }],
    },
  },
  amazon: {
    title: 'Amazon, other images',
    source: 'Amazon image guide, 2026',
    isConfirmed: true,
    rules: { ...AMAZON_SIZE, pictures: 6 },
  },
  google: {
    title: 'Google Merchant',
    source: 'Google Merchant Center, image_link; 500 px from 31 January 2027',
    isConfirmed: true,
    rules: {
      longestSide: { least: 500, advised: 1500 },
      mostBytes: 16_000_000,
      mostPixels: 64_000_000,
      formats: { taken: ['jpeg', 'png', 'webp', 'gif', 'bmp', 'tiff'] },
      noText: true,
      aiMark: true,
      toLookAt: [NO_LOGO],
    },
  },
  ebay: {
    title: 'eBay',
    source: 'eBay picture policy, 2026',
    isConfirmed: true,
    rules: {
      longestSide: { least: 500, advised: 1000 },
      leastQuality: 90,
      formats: { taken: ['jpeg', 'png', 'gif', 'tiff', 'bmp', 'webp', 'heic', 'avif'], preferred: 'jpeg' },
      noText: true,
    },
  },
  etsy: {
    title: 'Etsy',
    source: 'presets of third-party checkers',
    isConfirmed: false,
    rules: { shortestSide: { least: 2000 }, shapes: [SQUARE, { ratio: 4 / 3, name: '4:3' }], formats: { taken: ['jpeg', 'png', 'gif'] } },
  },
  shopify: {
    title: 'Shopify',
    source: 'Shopify help, product media: 2048 × 2048 advised',
    isConfirmed: true,
    rules: {
      longestSide: { least: 800, advised: 2048, most: 5000 },
      shapes: [SQUARE],
      mostBytes: 20_000_000,
      formats: { taken: ['jpeg', 'png', 'webp', 'gif', 'heic'] },
    },
  },
  walmart: {
    title: 'Walmart, main image',
    source: 'presets of third-party checkers',
    isConfirmed: false,
    rules: {
      longestSide: { least: 1000, advised: 2000 },
      shapes: [SQUARE],
      mostBytes: 5_000_000,
      formats: { taken: ['jpeg', 'png', 'bmp'] },
      white: true,
      noText: true,
    },
  },
} as const satisfies Record<ProfileName, Marketplace>
