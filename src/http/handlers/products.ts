/** @file The handlers of `contract/routes/products.ts`; the compiler says which is missing. */
import type { PRODUCT_ROUTES } from '../../contract/routes/products.ts'
import type { HandlersOf } from '../handler.ts'
import { getStored } from '../routes/products/get-stored.ts'

export const productHandlers = { getStored } satisfies HandlersOf<typeof PRODUCT_ROUTES>
