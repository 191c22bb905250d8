/** @file Folders of the machine, for whoever chooses one to index. */
import { z } from 'zod'

export const FolderQuery = z.object({
  path: z
    .string()
    .max(4096)
    .regex(/^(?:\/|[A-Za-z]:[\\/])/, 'expected an absolute path')
    .optional()
    .describe('absolute path; default: the home folder of the user who runs fototeca'),
})

export const FolderList = z.object({
  path: z.string(),
  parent: z.string().nullable().describe('null: top folder'),
  folders: z
    .array(z.object({ name: z.string(), path: z.string(), is_readable: z.boolean().describe('false: fototeca may not read it') }))
    .describe('subfolders by name, at most 1,000; hidden folders, links, and system folders are left out'),
  more: z.number().int().describe('number of subfolders beyond the first 1,000'),
  pictures: z.number().int().describe('files directly in it with the extension of a picture'),
  refused: z.string().nullable().describe('why it cannot be added; null: it can'),
})
export type FolderList = z.infer<typeof FolderList>
