/** @file Product pictures: stores, products, readiness, mends, import and export. */
import { z } from 'zod'
import {
  ChangedPicture, CheckAnswer, CheckQuery, ExportQuery, GroupAnswer, GroupRequest, ImportAnswer, ImportRequest, MendRequest, PicturePatch, PicturesAnswer, PicturesQuery, ProductPicture, ProductsAnswer, ProductsQuery,
  StoreCheck, StoreReport, TakeAnswer, TakeQuery,VerifyRequest, 
} from '../products.ts' // biome-ignore format: a list
import { byId, type Route, signed } from './route.ts'

const StoreParams = z.object({ store: z.string().min(1).max(63) })

export const PRODUCT_ROUTES = {
  getStored: { method: 'GET', path: '/stores/:store/*', tag: 'products', access: 'member', link: true, cache: 'checked', lenient: true, summary: 'A picture of a store that has no public address of its own', params: StoreParams.extend({ '*': z.string().min(1).max(900) }), query: signed, answer: 'file' },
  listStores: { method: 'GET', path: '/api/stores', tag: 'products', access: 'member', summary: 'The configured stores and what lies in them', answer: z.object({ stores: z.array(StoreReport) }) },
  verifyStore: { method: 'POST', path: '/api/stores/:store/verify', tag: 'products', access: 'owner', summary: 'Is everything in the store that its rows name, and nothing else; `deep` reads every picture', limit: 'export', params: StoreParams, body: VerifyRequest, answer: StoreCheck },
  copyStore: { method: 'POST', path: '/api/stores/:store/copy', tag: 'products', access: 'owner', summary: 'Every picture of the store into another one; what is there already is left', limit: 'export', params: StoreParams, body: z.object({ to: z.string().min(1).max(63) }), writes: true, answer: z.object({ copied: z.number().int(), there: z.number().int(), failed: z.array(z.string()) }) },
  listProducts: { method: 'GET', path: '/api/products', tag: 'products', access: 'member', summary: 'Products of a store with their pictures, by slot, and what is missing', query: ProductsQuery, answer: ProductsAnswer },
  listPictures: { method: 'GET', path: '/api/products/pictures', tag: 'products', access: 'member', summary: 'Product pictures of a store, newest first: stored, held for a person, or in the trash', query: PicturesQuery, answer: PicturesAnswer },
  takePicture: { method: 'POST', path: '/api/products/pictures', tag: 'products', access: 'member', summary: 'Take a picture (multipart `file`) into a store unless it is there already', limit: 'model', query: TakeQuery, upload: true, writes: true, answer: TakeAnswer },
  checkPicture: { method: 'POST', path: '/api/products/check', tag: 'products', access: 'member', summary: 'Is a picture (multipart `file`) in a store already, and what there is near it; nothing is stored', limit: 'model', query: CheckQuery, upload: true, answer: CheckAnswer },
  getPicture: { method: 'GET', path: '/api/products/pictures/:id', tag: 'products', access: 'member', summary: 'A product picture: its grade with reasons, its readiness for each marketplace', params: byId, answer: ProductPicture },
  changePicture: { method: 'PATCH', path: '/api/products/pictures/:id', tag: 'products', access: 'member', summary: 'Which product it shows, in which slot; your words over the model’s', params: byId, body: PicturePatch, answer: ChangedPicture },
  mendPicture: { method: 'POST', path: '/api/products/pictures/:id/mend', tag: 'products', access: 'member', summary: 'A new picture made of it by mends that make nothing up; the old one stays', limit: 'model', params: byId, body: MendRequest, writes: true, answer: ProductPicture },
  trashPicture: { method: 'POST', path: '/api/products/pictures/:id/trash', tag: 'products', access: 'member', summary: 'Out of its store, into the trash', params: byId, answer: ProductPicture },
  restorePicture: { method: 'POST', path: '/api/products/pictures/:id/restore', tag: 'products', access: 'member', summary: 'Into its store: from the trash, or what was held and may pass', params: byId, answer: ProductPicture },
  groupPictures: { method: 'POST', path: '/api/products/group', tag: 'products', access: 'member', summary: 'Group pictures of no product by file names, or by look; `dry_run` (default) only tells', limit: 'search', body: GroupRequest, answer: GroupAnswer },
  importProducts: { method: 'POST', path: '/api/products/import', tag: 'products', access: 'member', summary: 'Products and slots from CSV; `dry_run` (default) only tells, with the errors of each row', body: ImportRequest, answer: ImportAnswer },
  exportProducts: { method: 'GET', path: '/api/products/export', tag: 'products', access: 'member', cache: 'checked', summary: 'A ZIP: pictures by marketplace names, rows for a shop, a manifest with hashes', limit: 'export', query: ExportQuery, answer: 'zip' },
} as const satisfies Record<string, Route> // biome-ignore format: a table
