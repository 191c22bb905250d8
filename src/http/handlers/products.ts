/** @file The handlers of `contract/routes/products.ts`; the compiler says which is missing. */
import type { PRODUCT_ROUTES } from '../../contract/routes/products.ts'
import type { HandlersOf } from '../handler.ts'
import { checkPicture } from '../routes/products/check-picture.ts'
import { exportProducts } from '../routes/products/export-products.ts'
import { getStored } from '../routes/products/get-stored.ts'
import {
  changePicture, getPicture, groupPictures, importProducts, listPictures, listProducts, mendPicture, restorePicture, trashPicture,
} from '../routes/products/pictures.ts' // biome-ignore format: a list
import { copyStore, listStores, verifyStore } from '../routes/products/stores.ts'
import { takePicture } from '../routes/products/take-picture.ts'

export const productHandlers = {
  getStored,
  listStores,
  verifyStore,
  copyStore,
  listProducts,
  listPictures,
  takePicture,
  checkPicture,
  getPicture,
  changePicture,
  mendPicture,
  trashPicture,
  restorePicture,
  groupPictures,
  importProducts,
  exportProducts,
} satisfies HandlersOf<typeof PRODUCT_ROUTES>
