/**
 * @file Who works on which photo: a lease per photo and lane (table `photo_leases`), so that one lane never waits for another.
 * It is held by a process and ends with it; what is saved checks in its transaction that it is still held. A lease without owner keeps
 * a photo out of its lane until it ends. (ADR 79)
 */

import { type RawBuilder, sql } from 'kysely'
import { isAlive } from '../background/store-processes.ts'
import type { DescribeLane, Lane, PhotoFormat, StepName, StepState } from '../contract/words.ts'
import { STEP_NAMES } from '../contract/words.ts'
import type { Db, DbOrTrx, Trx } from '../db/client.ts'
import { LeaseLost } from '../db/fence.ts'
import { isKept, isKeptId } from '../db/visible.ts'
import { type Log, silentLog } from '../domain/log.ts'
import { logStates, type StateChange, type StateChanges, updatePhotoStates } from './ledger.ts'
import { readUpgradePause } from './upgrade-ledger.ts'

/** The lanes `tag` and `people` work on hundreds of photos at once for a moment and take no leases. */
export type LeasedLane = Exclude<Lane, 'tag' | 'people' | 'generate'>

/** Nothing is put off for longer: a lease without owner that ends later is of a clock that was set back since. */
const LONGEST_POSTPONE_MS = 600_000

/** Who holds the lease of a photo. */
export interface LeaseHolder {
  readonly lane: Lane
  /** id of its process */
  readonly owner: string
}

/** A held one is over when it is taken back (`recoverLeases`). @param lease its name in the query */
const isOver = (lease: string) => sql`(${sql.ref(`${lease}.owner`)} is null
  and (${sql.ref(`${lease}.until`)} < now() or ${sql.ref(`${lease}.until`)} > now() + ${LONGEST_POSTPONE_MS} * interval '1 millisecond'))`

const isFree = (lane: Lane, photoId: string) =>
  sql`not exists (select 1 from photo_leases l where l.photo_id = ${sql.ref(photoId)} and l.lane = ${lane} and not ${isOver('l')})`

/** What each lane may take, in the order it takes it. */
const CANDIDATES: Readonly<Record<LeasedLane, (limit: number, isUpgradePaused: boolean) => RawBuilder<unknown>>> = {
  // What nothing was found in yet goes before what is looked at again, such as by a newer model. Each oldest first, those that never
  // crashed before the others; the state is told by an index. While the upgrade is paused, what it alone made due stays where it is.
  analyse: (limit, isUpgradePaused) => {
    const take = (states: ReturnType<typeof sql>, most: ReturnType<typeof sql>) => sql`
      select p.id from photos p
      where exists (select 1 from photo_steps s where s.photo_id = p.id and s.lane = 'analyse' and s.state in ('due', 'running'))
        and ${isFree('analyse', 'p.id')}
        and p.missing_since is null and ${isKept('p')} and p.format is not null
        and ${states}
      order by p.crashes, p.id
      limit ${most}
      for update of p skip locked`
    const otherwise = isUpgradePaused
      ? sql`and p.id in (select photo_id from photo_steps where lane = 'analyse' and state in ('due', 'running') and not is_upgrade)`
      : sql``
    return sql`
      with fresh as materialized (${take(sql`p.state = 'pending' and p.processed_at is null`, sql`${limit}`)}),
        again as materialized (${take(
          sql`p.state not in ('completed', 'partial', 'failed') and (p.state <> 'pending' or p.processed_at is not null) ${otherwise}`,
          sql`greatest(${limit}::bigint - (select count(*) from fresh), 0)`,
        )})
      select id from (select id, 0 as place from fresh union all select id, 1 from again) either order by place limit ${limit}`
  },
  describe: (limit) => takeDescribed('describe', limit),
  inspire: (limit) => takeDescribed('inspire', limit),
}

/** Newest first, so that what just arrived does not wait behind a long backlog; only where the preview is settled, for better or worse. */
const takeDescribed = (lane: DescribeLane, limit: number) => sql`
    select s.photo_id as id from photo_steps s
    where s.lane = ${lane} and s.state in ('due', 'running')
      and ${isFree(lane, 's.photo_id')} and ${isKeptId('s.photo_id')}
      and exists (select 1 from photo_steps n where n.photo_id = s.photo_id and n.step = 'prepare' and n.state not in ('due', 'running'))
    group by s.photo_id
    order by s.photo_id desc
    limit ${limit}`

export interface LedgerRow {
  readonly step: StepName
  readonly state: StepState
  readonly attempts: number
}

export interface ClaimedPhoto {
  readonly id: number
  readonly sha256: string
  readonly bytes: number
  readonly format: PhotoFormat
  readonly filename: string
  readonly crashes: number
  readonly holder: LeaseHolder
  /** the lane’s steps that are now running, in registry order */
  readonly due: readonly StepName[]
  /** every step of the photo, other lanes’ too */
  readonly rows: readonly LedgerRow[]
}

/**
 * Takes up to `limit` photos that have something due in the lane and nobody’s lease there.
 * Their due steps are `running`, one attempt more, before any work starts.
 */
export async function claimPhotos(db: Db, lane: LeasedLane, owner: string, limit: number, log: Log = silentLog): Promise<ClaimedPhoto[]> {
  let changes: StateChanges = new Map()
  const claimed = await db.transaction().execute(async (trx) => {
    const isPaused = lane === 'analyse' && (await readUpgradePause(trx))
    // of two workers that see the same candidate, the row of the lease lets one through
    const taken = await sql<{ photo_id: number }>`
      with candidates as materialized (${CANDIDATES[lane](limit, isPaused)})
      insert into photo_leases (photo_id, lane, owner, until)
      select id, ${lane}, ${owner}, 'infinity' from candidates
      on conflict (photo_id, lane) do update set owner = excluded.owner, until = excluded.until where ${isOver('photo_leases')}
      returning photo_id`.execute(trx)
    if (taken.rows.length === 0) return []
    const ids = taken.rows.map((row) => row.photo_id)
    await sql`
      update photo_steps set state = 'running', attempts = attempts + 1, started_at = now()
      where photo_id in (${sql.join(ids)}) and lane = ${lane} and state in ('due', 'running')`.execute(trx)
    if (lane === 'analyse') changes = await updatePhotoStates(trx, ids)
    const photos = await sql<Omit<ClaimedPhoto, 'holder' | 'due' | 'rows'>>`
      select id, sha256, bytes, format, filename, crashes from photos where id in (${sql.join(ids)})
      order by ${lane === 'analyse' ? sql`processed_at is not null, crashes, id` : sql`crashes, id desc`}`.execute(trx)
    const rows = await trx
      .selectFrom('photo_steps')
      .select(['photo_id', 'step', 'lane', 'state', 'attempts'])
      .where('photo_id', 'in', ids)
      .execute()
    return photos.rows.map((photo) => {
      const own = rows.filter((row) => row.photo_id === photo.id)
      const running = new Set(own.filter((row) => row.lane === lane && row.state === 'running').map((row) => row.step))
      return { ...photo, holder: { lane, owner }, due: STEP_NAMES.filter((step) => running.has(step)), rows: own }
    })
  })
  logStates(log, changes)
  return claimed
}

export interface ReleaseOptions {
  /** counts against the photo: it goes to the end of the queue */
  readonly hasCrashed?: boolean
  /** false: the attempt that was written at the start did not happen */
  readonly isAttempt: boolean
  /** keeps the photo out of the lane for so long, ten minutes at most */
  readonly postponeMs?: number
}

/** The lease stays this process’s until the transaction ends. @throws LeaseLost */
export async function keepLease(trx: Trx, photoId: number, { lane, owner }: LeaseHolder): Promise<void> {
  const held = await trx
    .selectFrom('photo_leases')
    .select('photo_id')
    .where('photo_id', '=', photoId)
    .where('lane', '=', lane)
    .where('owner', '=', owner)
    .forUpdate()
    .executeTakeFirst()
  if (!held) throw new LeaseLost(`photo ${photoId}`)
}

/** Puts what was running in the lane back to due and gives the photo free. @returns where it stands then @throws LeaseLost */
export async function releasePhoto(trx: Trx, photoId: number, holder: LeaseHolder, options: ReleaseOptions): Promise<StateChanges> {
  await keepLease(trx, photoId, holder)
  const { lane } = holder
  const given = await trx
    .updateTable('photo_steps')
    .set({ state: 'due', ...(options.isAttempt ? {} : { attempts: sql<number>`greatest(attempts - 1, 0)` }) })
    .where('photo_id', '=', photoId)
    .where('lane', '=', lane)
    .where('state', '=', 'running')
    .returning('step')
    .execute()
  const changes: StateChanges = lane === 'analyse' && given.length > 0 ? await updatePhotoStates(trx, [photoId]) : new Map()
  const { postponeMs } = options
  if (postponeMs === undefined) await trx.deleteFrom('photo_leases').where('photo_id', '=', photoId).where('lane', '=', lane).execute()
  else
    await sql`
      insert into photo_leases (photo_id, lane, owner, until)
      select id, ${lane}, null, now() + ${Math.min(postponeMs, LONGEST_POSTPONE_MS)} * interval '1 millisecond' from photos where id = ${photoId}
      on conflict (photo_id, lane) do update set owner = null, until = excluded.until`.execute(trx)
  if (options.hasCrashed) await trx.updateTable('photos').set({ crashes: sql<number>`crashes + 1` }).where('id', '=', photoId).execute()
  return changes
}

/** Another part does what the lane would: a photo that nobody has in hand there is kept out of it for so long, ten minutes at most. */
export async function keepFromLane(db: DbOrTrx, photoId: number, lane: LeasedLane, ms: number): Promise<void> {
  await sql`
    insert into photo_leases (photo_id, lane, owner, until)
    values (${photoId}, ${lane}, null, now() + ${Math.min(ms, LONGEST_POSTPONE_MS)} * interval '1 millisecond')
    on conflict (photo_id, lane) do update set until = excluded.until where photo_leases.owner is null`.execute(db)
}

export async function freeOfLane(db: DbOrTrx, photoId: number, lane: LeasedLane): Promise<void> {
  await db.deleteFrom('photo_leases').where('photo_id', '=', photoId).where('lane', '=', lane).where('owner', 'is', null).execute()
}

/** A person wants it tried now: what was put off for a while is free again. */
export async function endPostponements(db: DbOrTrx, lane: Lane): Promise<void> {
  await db.deleteFrom('photo_leases').where('lane', '=', lane).where('owner', 'is', null).execute()
}

/**
 * What processes held that are gone is free again. The interruption is not the photo’s fault and costs no attempt.
 * @param self the process that asks: it is there, whatever its row says after an outage of the database
 * @returns the photos
 */
export async function recoverLeases(db: Db, self = '', log: Log = silentLog): Promise<number[]> {
  const { photos, changes } = await db.transaction().execute(async (trx) => {
    const gone = await selectHeld(trx)
      .where('owner', '<>', self)
      .where((e) => e.not(isAlive('photo_leases.owner')))
      .execute()
    return await giveBack(trx, gone)
  })
  logStates(log, changes)
  return photos
}

/** The same for what this process holds in a lane. @param except photos that it works on */
export async function recoverOwnLeases(db: Db, { lane, owner }: LeaseHolder, except: readonly number[], log: Log): Promise<void> {
  const { changes } = await db.transaction().execute(async (trx) => {
    const held = await selectHeld(trx).where('lane', '=', lane).where('owner', '=', owner).execute()
    return await giveBack(
      trx,
      held.filter(({ photo_id }) => !except.includes(photo_id)),
    )
  })
  logStates(log, changes)
}

const selectHeld = (trx: Trx) =>
  trx
    .selectFrom('photo_leases')
    .select(['photo_id', 'lane', 'owner'])
    .where('owner', 'is not', null)
    .$narrowType<{ owner: string }>()
    .forUpdate()

async function giveBack(
  trx: Trx,
  leases: readonly (LeaseHolder & { readonly photo_id: number })[],
): Promise<{ photos: number[]; changes: StateChanges }> {
  const changes = new Map<number, StateChange>()
  for (const { photo_id, lane, owner } of leases)
    for (const [id, change] of await releasePhoto(trx, photo_id, { lane, owner }, { isAttempt: false })) changes.set(id, change)
  return { photos: [...new Set(leases.map((lease) => lease.photo_id))], changes }
}

/** Photos with something due in a lane: an index-only count. */
export async function countDue(db: DbOrTrx, lane: Lane): Promise<number> {
  const { rows } = await sql<{ count: string | number }>`
    select count(distinct photo_id) as count from photo_steps where lane = ${lane} and state in ('due', 'running')
      and ${isKeptId('photo_id')}`.execute(db)
  return Number(rows[0]?.count ?? 0)
}
