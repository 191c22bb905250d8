/** @file Folders of the machine, for whoever chooses one to index. */
import { z } from 'zod'

export const FolderQuery = z.object({
  path: z
    .string()
    .max(4096)
    .regex(/^(?:\/|[A-Za-z]:[\\/])/, 'expected an absolute path')
    .optional()
    .describe('left out: the home folder of who runs fototeca'),
})

export const FolderList = z.object({
  path: z.string(),
  parent: z.string().nullable().describe('null at the top'),
  folders: z
    .array(z.object({ name: z.string(), path: z.string(), is_readable: z.boolean().describe('false: fototeca may not look into it') }))
    .describe('those in it, by name; hidden ones, links, and folders of the system are left out'),
  more: z.number().int().describe('folders beyond the first 1,000'),
  pictures: z.number().int().describe('files in it that are called like pictures, those in its folders not counted'),
  refused: z.string().nullable().describe('why it can be no source; null: it can'),
})
export type FolderList = z.infer<typeof FolderList>
