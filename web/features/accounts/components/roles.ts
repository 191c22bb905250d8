/** @file Roles and scopes in words. */
import type { KeyScope, Role } from '../../../../src/contract/accounts.ts'

export const ROLE_NAMES: Readonly<Record<Role, string>> = {
  viewer: 'Viewer',
  contributor: 'Contributor',
  reviewer: 'Reviewer',
  editor: 'Editor',
  owner: 'Owner',
}

export const ROLE_HINTS: Readonly<Record<Role, string>> = {
  viewer: 'sees everything',
  contributor: 'sees everything and uploads',
  reviewer: 'sees everything and approves made product pictures',
  editor: 'changes photos, albums, people, and products',
  owner: 'everything, also settings, spending, and accounts',
}

export const SCOPE_NAMES: Readonly<Record<KeyScope, string>> = {
  see: 'See photos',
  add: 'Upload',
  review: 'Approve made pictures',
  edit: 'Change photos and albums',
  own: 'Settings and accounts',
  described: 'Only the paths of a described system',
}
