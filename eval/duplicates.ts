/**
 * @file Duplicates by kind, the way the library tells them: hashes, then neighbours in a space, then sets. Copies are made of real pictures;
 * all other pairs are wrong, except that products of one kind may be called similar. Also chooses the limits of each space on one half
 * of the pictures and measures them on the other (ADR 27).
 */
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { PDQ_LIMIT } from '../src/contract/duplicate-kinds.ts'
import { DUPLICATE_KINDS, type DuplicateKind } from '../src/contract/words.ts'
import { findPart } from '../src/domain/likeness/find-part.ts'
import { LOOK_SPACE } from '../src/domain/likeness/look.ts'
import { buildSets, type Pair } from '../src/group/duplicates/build-sets.ts'
import { comparePhotos } from '../src/group/duplicates/compare-all.ts'
import { nearestTurn, tellKind } from '../src/group/duplicates/near-finder.ts'
import { FURTHEST, findNearLimits, MID_BITS, type NearLimits } from '../src/group/duplicates/near-limits.ts'
import { MIN_QUALITY } from '../src/pipeline/steps/duplicates/find-duplicates.ts'
import { placeInCrowd } from './duplicate-crowd.ts'
import { chooseBurst, chooseEdited, chooseSimilar, type JudgedPair, scoreAt } from './duplicate-limits.ts'
import { type Seen, seePictures } from './duplicate-pictures.ts'
import type { Evaluation } from './metric.ts'
import { listPictures } from './picture-edits.ts'

/** PDQ distance of `FOTOTECA_DUPLICATE_THRESHOLD` */
const THRESHOLD = 8
/** As many neighbours as the library asks for. */
const NEIGHBOURS = 32

interface Near {
  readonly a: Seen
  readonly b: Seen
  readonly distance: number
  /** null where a hash may not be used */
  readonly bits: number | null
}

export async function run(): Promise<Evaluation> {
  const seen = await seePictures()
  const { space } = seen
  const pictures = joinRealCopies(seen.pictures)
  const metrics: Record<string, number> = { ...scoreSameBytes() }
  const notes: string[] = [`${pictures.length} pictures, of them ${pictures.filter(({ truth }) => truth !== 'original').length} copies`]
  for (const [name, of, key] of [
    ['look', LOOK_SPACE, 'look'],
    ['model', space, 'model'],
  ] as const) {
    const near = findNear(pictures, key)
    const limits = findNearLimits(of)
    const isOf = (half: number) => (pair: Pick<Near, 'a' | 'b'>) => pair.a.source % 2 === half && pair.b.source % 2 === half
    const halves = [0, 1].map((half) => near.filter((pair) => isCounted(pair) && isOf(half)(pair)))
    const chosen = halves.map((half, i) =>
      choose(half, (isMeant) => measureUnlike(pictures, key, (pair) => isOf(i)(pair) && isMeant(pair))),
    )
    notes.push(`${name}: chosen on the halves ${chosen.map(write).join(' and ')}; stored ${limits ? write(limits) : 'none'}`)
    if (!limits) continue
    for (const [half, other] of [
      [0, 1],
      [1, 0],
    ] as const) {
      const held = scoreNear(halves[other] ?? [], chosen[half] ?? limits)
      notes.push(
        `${name}, limits of half ${half + 1} on the other: ${Object.entries(held)
          .map(([metric, value]) => `${metric} ${value.toFixed(3)}`)
          .join(', ')}`,
      )
    }
    const pairs = tellPairs(pictures, near, limits)
    notes.push(`${name}, edited copies that are missed: ${listMissed(pictures, pairs)}`)
    // the photo itself is one of its nearest
    notes.push(`${name}, ${placeInCrowd(pictures, key, NEIGHBOURS - 1)}`)
    for (const [metric, value] of Object.entries({ ...scoreKinds(pictures, pairs), ...scoreSets(pictures, pairs) }))
      metrics[`${name}_${metric}`] = value
  }
  return { name: 'duplicates', metrics, notes }
}

const write = ({ edited, burst, similar }: NearLimits): string => `edited ${edited}, burst ${burst}, similar ${similar}`

/** Pictures of the data that are copies of each other, whoever made them, are one picture: those within 8 bits, turned ones too. */
function joinRealCopies(pictures: readonly Seen[]): Seen[] {
  const originals = pictures.filter(({ truth, quality }) => truth === 'original' && quality >= MIN_QUALITY)
  const joined = new Map<number, number>()
  for (const [i, a] of originals.entries())
    for (const b of originals.slice(0, i))
      if (a.folder === b.folder && nearestTurn(a.dihedral, b.dihedral) <= THRESHOLD) joined.set(a.source, joined.get(b.source) ?? b.source)
  return pictures.map((seen) => ({ ...seen, source: joined.get(seen.source) ?? seen.source }))
}

/** Pairs of a picture with its copies or with another picture: each likeness counts once, not once for every copy. */
const isCounted = ({ a, b }: Pick<Near, 'a' | 'b'>): boolean =>
  a.source === b.source ? a.truth === 'original' || b.truth === 'original' : a.truth === 'original' && b.truth === 'original'

/** Each picture’s nearest, each pair once. */
function findNear(pictures: readonly Seen[], key: 'look' | 'model'): Near[] {
  const pairs = new Map<string, Near>()
  for (const [i, a] of pictures.entries()) {
    const nearest = pictures
      .map((b, j) => ({ b, j, distance: 1 - dot(a[key], b[key]) }))
      .filter(({ j, distance }) => j !== i && distance <= FURTHEST)
      .sort((x, y) => x.distance - y.distance)
      .slice(0, NEIGHBOURS)
    for (const { b, j, distance } of nearest) {
      const usable = a.quality >= MIN_QUALITY && b.quality >= MIN_QUALITY
      const [first, second] = i < j ? [a, b] : [b, a]
      pairs.set(`${Math.min(i, j)} ${Math.max(i, j)}`, {
        a: first,
        b: second,
        distance,
        bits: usable ? nearestTurn(a.dihedral, b.dihedral) : null,
      })
    }
  }
  return [...pairs.values()]
}

const isSame = ({ a, b }: Pick<Near, 'a' | 'b'>): boolean => a.source === b.source
/** The picture and its shots; beside them the next picture that was copied, for shots of something else in the same moment. */
const isShot = ({ truth }: Seen): boolean => truth === 'burst' || truth === 'original'
const isOneMoment = ({ a, b }: Pick<Near, 'a' | 'b'>): boolean =>
  isSame({ a, b }) && isShot(a) && isShot(b) && (a.truth === 'burst' || b.truth === 'burst')
/** Products of one kind, or receipts, may well be called similar: neither right nor wrong. */
const isOneKind = ({ a, b }: Pick<Near, 'a' | 'b'>): boolean => a.folder === b.folder && /^products|receipts|faces/.test(a.folder)

const byHash = ({ bits }: Near): boolean => bits !== null && bits <= PDQ_LIMIT
const isHalfNear = ({ bits }: Near): boolean => bits !== null && bits > PDQ_LIMIT && bits <= MID_BITS
const judge = (near: readonly Near[]): JudgedPair[] => near.map((pair) => ({ distance: pair.distance, isRight: isSame(pair) }))

type Meant = (pair: Pick<Near, 'a' | 'b'>) => boolean

/** Distances of different pictures. */
function measureUnlike(pictures: readonly Seen[], key: 'look' | 'model', isMeant: Meant): number[] {
  const originals = pictures.filter(({ truth }) => truth === 'original')
  return originals.flatMap((a, i) =>
    originals
      .slice(0, i)
      .filter((b) => !isSame({ a, b }) && isMeant({ a, b }))
      .map((b) => 1 - dot(a[key], b[key])),
  )
}

function choose(near: readonly Near[], unlike: (isMeant: Meant) => number[]): NearLimits {
  const half = near.filter(isHalfNear)
  return {
    edited: chooseEdited(judge(half), half.filter(isSame).length),
    burst: chooseBurst(unlike(({ a, b }) => a.folder === b.folder)),
    similar: chooseSimilar(unlike((pair) => !isOneKind(pair))),
  }
}

function scoreNear(near: readonly Near[], { edited, burst, similar }: NearLimits): Record<string, number> {
  const half = near.filter(isHalfNear)
  const free = near.filter((pair) => !byHash(pair) && (isSame(pair) || !isOneKind(pair)))
  const shots = near.filter((pair) => isOneMoment(pair) && !byHash(pair))
  const ofEdited = scoreAt(judge(half), edited, half.filter(isSame).length)
  const ofSimilar = scoreAt(judge(free), similar, free.filter(isSame).length)
  return {
    edited_precision: ofEdited.precision,
    edited_recall: ofEdited.recall,
    burst_recall: shots.filter(({ distance }) => distance <= burst).length / Math.max(1, shots.length),
    similar_precision: ofSimilar.precision,
    similar_recall: ofSimilar.recall,
  }
}

const isPart = ({ a, b }: Near): boolean => (findPart(a.outline, b.outline) ?? findPart(b.outline, a.outline)) !== null

interface Told extends Near {
  readonly kind: DuplicateKind
}

/** Pairs by hashes as a full pass tells them, then those by the space. */
function tellPairs(pictures: readonly Seen[], near: readonly Near[], limits: NearLimits): Told[] {
  const usable = pictures.flatMap((seen, i) => (seen.quality >= MIN_QUALITY ? [i] : []))
  const hashes = new Uint8Array(usable.length * 256)
  for (const [at, i] of usable.entries()) hashes.set(pictures[i]?.dihedral ?? [], at * 256)
  const told: Told[] = comparePhotos(Int32Array.from(usable), hashes, THRESHOLD).flatMap(({ photoId1, photoId2, kind, distance }) => {
    const [a, b] = [pictures[photoId1], pictures[photoId2]]
    return a && b ? [{ a, b, kind: kind !== 'same-picture' && isOneMoment({ a, b }) ? 'burst' : kind, distance: 0, bits: distance }] : []
  })
  for (const pair of near) {
    const kind = tellKind({ distance: pair.distance, isOneMoment: isOneMoment(pair) }, pair.bits, limits, {
      isPart: () => isPart(pair),
      // nothing is read here
      isOtherPage: () => false,
    })
    if (kind !== null) told.push({ ...pair, kind })
  }
  return told
}

/** Recall: copies whose pair with their picture was told, as this kind or nearer. Precision: of what was told so, the share that is of one picture. */
function scoreKinds(pictures: readonly Seen[], pairs: readonly Told[]): Record<string, number> {
  const metrics: Record<string, number> = {}
  for (const kind of DUPLICATE_KINDS) {
    const told = pairs.filter((pair) => pair.kind === kind && isCounted(pair) && (kind !== 'similar' || isSame(pair) || !isOneKind(pair)))
    metrics[`${kind}_precision`] = told.length === 0 ? 1 : told.filter(isSame).length / told.length
    const copies = pictures.filter(({ truth }) => truth === kind)
    const found = listFound(pairs, kind)
    metrics[`${kind}_recall`] = copies.filter((copy) => found.has(copy)).length / copies.length
  }
  return metrics
}

/** Copies whose pair with their picture was told, as this kind or nearer. */
function listFound(pairs: readonly Told[], kind: DuplicateKind): Set<Seen> {
  const isNearEnough = (as: DuplicateKind) =>
    (kind === 'burst' ? as === 'burst' || as === 'same-picture' : kind === 'similar' || as !== 'similar') &&
    as !== (kind === 'burst' ? 'similar' : 'burst')
  return new Set(
    pairs
      .filter((pair) => isSame(pair) && isNearEnough(pair.kind) && [pair.a, pair.b].some(({ truth }) => truth === 'original'))
      .map(({ a, b }) => (a.truth === 'original' ? b : a)),
  )
}

/** By edit, the most first; in brackets those of pictures too plain for a hash. */
function listMissed(pictures: readonly Seen[], pairs: readonly Told[]): string {
  const found = listFound(pairs, 'edited')
  const plain = new Set(pictures.filter(({ truth, quality }) => truth === 'original' && quality < MIN_QUALITY).map(({ source }) => source))
  return [
    ...Map.groupBy(
      pictures.filter(({ truth }) => truth === 'edited'),
      ({ edit }) => edit,
    ),
  ]
    .map(([edit, copies]) => ({ edit, of: copies.length, missed: copies.filter((copy) => !found.has(copy)) }))
    .sort((a, b) => b.missed.length - a.missed.length)
    .map(({ edit, of, missed }) => {
      const unhashed = missed.filter(({ quality, source }) => quality < MIN_QUALITY || plain.has(source)).length
      return `${edit} ${missed.length} (${unhashed}) of ${of}`
    })
    .join(', ')
}

/** Members that are of their representative’s picture; and whether any stands in a set without being paired with its representative. */
function scoreSets(pictures: readonly Seen[], told: readonly Told[]): Record<string, number> {
  const idOf = new Map(pictures.map((seen, i) => [seen, i]))
  const pairs: Pair[] = told.map(({ a, b, kind }) => ({ a: idOf.get(a) ?? 0, b: idOf.get(b) ?? 0, kind }))
  const known = new Set(pairs.flatMap(({ a, b }) => [`${a} ${b}`, `${b} ${a}`]))
  const originalsFirst = [...pictures.keys()].sort(
    (x, y) => Number(pictures[y]?.truth === 'original') - Number(pictures[x]?.truth === 'original') || x - y,
  )
  const sets = buildSets(pairs, originalsFirst)
  const copies = sets.filter(({ kind }) => kind !== 'similar' && kind !== 'burst')
  const members = copies.flatMap(({ representative, members: own }) => own.map((member) => ({ representative, member })))
  const isRight = ({ representative, member }: (typeof members)[number]) => pictures[representative]?.source === pictures[member]?.source
  return {
    set_member_precision: members.filter(isRight).length / members.length,
    false_chains: sets.flatMap(({ representative, members: own }) => own.filter((member) => !known.has(`${representative} ${member}`)))
      .length,
  }
}

/** Among all files of the test data: same SHA-256 against the bytes themselves. */
function scoreSameBytes(): Record<string, number> {
  const files = ['captioned-photos', 'classified-photos', 'labelled-photos', 'receipts', 'faces', 'products', 'pdq', 'near-duplicates']
    .flatMap((folder) => listPictures(folder))
    .map((path) => readFileSync(path))
  const bySize = [...Map.groupBy(files, ({ length }) => length).values()]
  const digest = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex')
  let [same, told, both] = [0, 0, 0]
  for (const group of bySize)
    for (const [i, a] of group.entries())
      for (const b of group.slice(i + 1)) {
        const [isEqual, isTold] = [a.equals(b), digest(a) === digest(b)]
        if (isEqual) same++
        if (isTold) told++
        if (isEqual && isTold) both++
      }
  return { same_bytes_precision: told === 0 ? 1 : both / told, same_bytes_recall: same === 0 ? 1 : both / same }
}

function dot(a: Float32Array, b: Float32Array): number {
  let sum = 0
  for (let index = 0; index < a.length; index++) sum += (a[index] ?? 0) * (b[index] ?? 0)
  return sum
}
