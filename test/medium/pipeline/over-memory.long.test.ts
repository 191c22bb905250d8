/** @file What the ledger says when a decode takes more memory than it may: its photo failed, with a sentence, and for the others nothing happened. */

import { copyFile, mkdtempDisposable, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { silentLog } from '../../../src/domain/log.ts'
import { DecodeBudget, defaultDecodeBytes, setDecodeMemory } from '../../../src/media/decode-memory.ts'
import { BUILT_IN } from '../../../src/models/registry.ts'
import { createAnalyseWorker } from '../../../src/pipeline/analyse-photo.ts'
import { Analyser } from '../../../src/pipeline/analyser/client.ts'
import { LaneRunner } from '../../../src/pipeline/lane.ts'
import { insertDueSteps } from '../../../src/pipeline/ledger.ts'
import { openLibraryBlobs } from '../../../src/storage/library-blobs.ts'
import { fileAt } from '../../support/blobs.ts'
import { CHILD_ENVIRONMENT } from '../../support/child-environment.ts'
import { openTestDatabase } from '../../support/database.ts'
import { makeProgressive } from '../../support/hostile-zoo.ts'
import { photoPath } from '../../support/pictures.ts'
import { NEEDS_LINUX } from '../../support/skip-reasons.ts'
import { createTrialSteps } from '../../support/trial-steps.ts'

const MB = 1_000_000

it.skipIf(process.platform !== 'linux')(
  'a photo whose decode takes too much fails with the setting to raise and is not tried again; no other photo loses an attempt',
  { meta: NEEDS_LINUX },
  async () => {
    setDecodeMemory(new DecodeBudget(60 * MB))
    await using folder = await mkdtempDisposable(join(tmpdir(), 'fototeca-over-memory-'))
    // takes 384 MB
    await writeFile(join(folder.path, 'large.jpg'), await makeProgressive(8000))
    const sound = ['cat', 'dogs', 'fig'] as const
    for (const name of sound) await copyFile(photoPath(name), join(folder.path, `${name}.jpg`))

    await using open = await openTestDatabase()
    const steps = createTrialSteps(() => {})
    const add = (filename: string, format: 'jpeg') =>
      open.db.transaction().execute(async (trx) => {
        const { id } = await trx
          .insertInto('photos')
          .values({ sha256: filename.padEnd(64, '0'), bytes: 1, format, filename, sort_at: new Date(0), day: '1970-01-01' })
          .returning('id')
          .executeTakeFirstOrThrow()
        await insertDueSteps(trx, id, [steps.prepare, steps.metadata, steps.look])
        return { id, path: join(folder.path, filename) }
      })
    const large = await add('large.jpg', 'jpeg')
    const others = [await add('cat.jpg', 'jpeg'), await add('dogs.jpg', 'jpeg'), await add('fig.jpg', 'jpeg')]
    const paths = new Map([large, ...others].map(({ id, path }) => [id, path]))

    const preload = new URL('../../support/estimate-too-little.ts', import.meta.url).href
    const analyser = new Analyser({
      options: () => ({
        thumbnailSize: 400,
        maxPixels: 150_000_000,
        maxBytes: 1e9,
        decodeTimeoutMs: 120_000,
        models: { device: 'cpu', embedding: null, chosen: BUILT_IN },
      }),
      timeoutOf: () => 150_000,
      environment: { ...CHILD_ENVIRONMENT, NODE_OPTIONS: `--import ${preload}` },
      log: silentLog,
      ownBytes: 100 * MB,
    })
    const { renditions } = await openLibraryBlobs(open)
    await using lane = new LaneRunner({
      db: open.db,
      log: silentLog,
      lane: 'analyse',
      owner: 'test',
      worker: createAnalyseWorker({
        db: open.db,
        steps,
        log: silentLog,
        analyser,
        concurrency: 2,
        locate: async (id) => fileAt(paths.get(id) ?? ''),
        renditions,
        onSettled: async () => {},
      }),
      onPhotoDone: () => {},
    })
    lane.start()
    const states = async () =>
      (await open.db.selectFrom('photos').select(['id', 'state', 'crashes']).orderBy('id').execute()).map((row) => ({ ...row }))
    await expect
      .poll(states, { interval: 100, timeout: 150_000 })
      .toEqual([{ id: large.id, state: 'failed', crashes: 0 }, ...others.map(({ id }) => ({ id, state: 'completed', crashes: 0 }))])
    const rows = await open.db.selectFrom('photo_steps').select(['photo_id', 'step', 'state', 'attempts', 'reason']).execute()
    const of = (step: string) => rows.find((row) => row.photo_id === large.id && row.step === step)
    expect(of('prepare')).toMatchObject({
      state: 'failed',
      reason: { params: { text: expect.stringMatching(/more memory than \d+ MB.*FOTOTECA_DECODE_MEMORY_MB/) } },
    })
    expect(of('look')).toMatchObject({ state: 'skipped', reason: { code: 'step.blocked', params: { step: 'prepare' } } })
    // it needs no pixels
    expect(of('metadata')).toMatchObject({ state: 'done' })
    expect(rows.filter(({ photo_id }) => photo_id !== large.id).map(({ attempts }) => attempts)).toEqual(new Array(9).fill(1))
    setDecodeMemory(new DecodeBudget(defaultDecodeBytes()))
  },
)
