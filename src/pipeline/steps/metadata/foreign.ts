/** @file What sidecars say that we did not write into them ourselves, and what a file says together with its sidecars. Pure. */
import { basename } from 'node:path'
import type { WrittenContent } from '../../../db/tables/edits.ts'
import type { SidecarFacts } from '../../../db/tables/library.ts'
import type { Sayings } from '../../../media/metadata.ts'
import type { FoundSidecar } from '../../../media/read-sidecar.ts'

export interface OwnSidecar {
  readonly path: string | null
  readonly content: WrittenContent | null
}

/**
 * What others say. Of the sidecar that we write into, what we wrote is left out, unless others had said it before we did:
 * so nothing of ours comes back as theirs, and nothing of theirs is lost by our writing it again.
 * @param before what stood here until now
 */
export function findForeign(found: readonly FoundSidecar[], own: OwnSidecar | undefined, before: SidecarFacts | null): SidecarFacts | null {
  if (found.length === 0) return null
  const said = found.flatMap(({ path, says }) => {
    if (!says) return []
    return [own?.content && own.path === path ? withoutOurs(says, own.content, before) : says]
  })
  const first = <T>(read: (says: Sayings) => T | null): T | null => said.map(read).find((value) => value !== null) ?? null
  return {
    title: first(({ title }) => title),
    caption: first(({ description }) => description),
    altText: first(({ altText }) => altText),
    rating: first(({ rating }) => rating),
    keywords: unite(...said.map(({ keywords }) => keywords)),
    faces: said.find(({ faceRegions }) => faceRegions.length > 0)?.faceRegions ?? [],
    files: found.map(({ path }) => basename(path)),
    problem: found.find(({ problem }) => problem !== null)?.problem ?? null,
  }
}

function withoutOurs(says: Sayings, ours: WrittenContent, before: SidecarFacts | null): Sayings {
  const keep = <T>(value: T | null, written: T | null, former: T | null | undefined): T | null =>
    value === written && value !== former ? null : value
  const written = new Set([...ours.keywords, ...ours.paths.map((path) => path.replaceAll('|', '/'))].map(fold))
  const former = new Set(before?.keywords.map(fold))
  const writtenNames = new Set(ours.faces.map(({ name }) => name))
  const formerNames = new Set(before?.faces.map(({ name }) => name))
  return {
    title: keep(says.title, ours.title, before?.title),
    description: keep(says.description, ours.caption, before?.caption),
    altText: keep(says.altText, ours.altText, before?.altText),
    rating: keep(says.rating, ours.rating, before?.rating),
    keywords: says.keywords.filter((word) => !written.has(fold(word)) || former.has(fold(word))),
    faceRegions: says.faceRegions.filter(({ name }) => !writtenNames.has(name) || formerNames.has(name)),
  }
}

/** The file and its sidecars as one: a sidecar is what somebody wrote last. */
export function combine(file: Sayings, sidecar: SidecarFacts | null): Sayings {
  if (!sidecar) return file
  return {
    title: sidecar.title ?? file.title,
    description: sidecar.caption ?? file.description,
    altText: sidecar.altText ?? file.altText,
    rating: sidecar.rating ?? file.rating,
    keywords: unite(file.keywords, sidecar.keywords),
    faceRegions: sidecar.faces.length > 0 ? [...sidecar.faces] : file.faceRegions,
  }
}

const fold = (word: string): string => word.toLowerCase()
const unite = (...lists: readonly (readonly string[])[]): string[] => [...new Set(lists.flat())]
