/** @file Any other product: the general scenes, none on a person. */
import type { ProductKind } from '../product-kind.ts'

export const product = { label: 'Other products', goods: 'products', defaultTypes: [1, 4], scenes: {} } satisfies ProductKind
