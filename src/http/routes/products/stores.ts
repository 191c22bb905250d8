/** @file The stores: what lies in them, whether it is what the rows say, copying. */
import type { Handler } from '../../handler.ts'

export const listStores: Handler<'listStores'> = async ({ services }) => ({ stores: await services.stores.list() })
export const verifyStore: Handler<'verifyStore'> = ({ params, body, services }) => services.stores.verify(params.store, body)
export const copyStore: Handler<'copyStore'> = ({ params, body, services }) => services.stores.copy(params.store, body.to)
