/** @file Every route of the service, once. Handlers, OpenAPI, the typed web client and the CLI derive from this table. */
import { ACCESS_ROUTES } from './routes/access.ts'
import { ALBUM_ROUTES } from './routes/albums.ts'
import { BACKUP_ROUTES } from './routes/backup.ts'
import { CLUSTER_ROUTES } from './routes/clusters.ts'
import { DESCRIBE_ROUTES } from './routes/describe.ts'
import { DESCRIBED_ROUTES } from './routes/described-systems.ts'
import { DUPLICATE_ROUTES } from './routes/duplicates.ts'
import { EDIT_ROUTES } from './routes/edits.ts'
import { EXPORT_ROUTES } from './routes/exports.ts'
import { GENERATE_ROUTES } from './routes/generate.ts'
import { LIBRARY_ROUTES } from './routes/library.ts'
import { MODEL_ROUTES } from './routes/models.ts'
import { PEOPLE_ROUTES } from './routes/people.ts'
import { PHOTO_ROUTES } from './routes/photos.ts'
import { PRODUCT_ROUTES } from './routes/products.ts'
import { QUEUE_ROUTES } from './routes/queue.ts'
import { REBUILD_ROUTES } from './routes/rebuild.ts'
import { SEARCH_ROUTES } from './routes/search.ts'
import { TRASH_ROUTES } from './routes/trash.ts'
import { VERIFY_ROUTES } from './routes/verify.ts'

export const ROUTES = {
  ...PHOTO_ROUTES,
  ...SEARCH_ROUTES,
  ...EDIT_ROUTES,
  ...ALBUM_ROUTES,
  ...CLUSTER_ROUTES,
  ...EXPORT_ROUTES,
  ...DUPLICATE_ROUTES,
  ...TRASH_ROUTES,
  ...PEOPLE_ROUTES,
  ...LIBRARY_ROUTES,
  ...QUEUE_ROUTES,
  ...VERIFY_ROUTES,
  ...REBUILD_ROUTES,
  ...BACKUP_ROUTES,
  ...MODEL_ROUTES,
  ...DESCRIBE_ROUTES,
  ...DESCRIBED_ROUTES,
  ...GENERATE_ROUTES,
  ...PRODUCT_ROUTES,
  ...ACCESS_ROUTES,
}
export type RouteName = keyof typeof ROUTES
