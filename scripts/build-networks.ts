/** @file Converts the built-in networks that npm brought, where that was not done yet; `npm start` runs it before the server. */
import { ensureNetworks, findFolders } from '../src/models/providers/builtin-vision/convert/ensure-networks.ts'

await ensureNetworks(findFolders())
console.log('networks: up to date')
