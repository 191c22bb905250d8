/** @file The handlers of `contract/routes/exports.ts`; the compiler says which is missing. */
import type { EXPORT_ROUTES } from '../../contract/routes/exports.ts'
import type { HandlersOf } from '../handler.ts'
import { getExport } from '../routes/exports/get-export.ts'
import { prepareExport } from '../routes/exports/prepare-export.ts'

export const exportHandlers = { prepareExport, getExport } satisfies HandlersOf<typeof EXPORT_ROUTES>
