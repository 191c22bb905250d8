/** @file GET /health: what can be searched, which model answers for what, which lane waits and why. */
import packageFile from '../../../../package.json' with { type: 'json' }
import { joinLeaves } from '../../../describe/say-what-leaves.ts'
import type { Handler } from '../../handler.ts'
import { askDatabase } from './get-ready.ts'

/** The page shows it to persons, who rather wait for a busy database than read that it is lost; monitors ask `/ready`. */
const TIMEOUT_MS = 20_000

export const getHealth: Handler<'getHealth'> = async ({ actor, services }) => {
  const { library, pipeline } = services
  const [index, progress, lanes, { last }] = await askDatabase(
    Promise.all([library.indexCounts(actor.sees), pipeline.progress(actor.sees), pipeline.lanes(), services.backups.report()]),
    TIMEOUT_MS,
  )
  const models = [...pipeline.models()]
  // a capability without a model is a choice (or a download on its way), and its notice says so; a paused lane is a fault
  const isWhole = lanes.every((lane) => lane.state !== 'paused')
  const notices = [
    ...progress.notices,
    ...models.map((model) => model.notice),
    services.texts.notice(),
    ...lanes.map((lane) => (lane.state === 'paused' ? lane.reason : null)),
  ]
  return {
    status: isWhole ? 'ok' : 'degraded',
    version: packageFile.version,
    database: library.engine,
    index,
    models,
    lanes: [...lanes],
    search_memory: services.searchMemory(),
    runs_on: services.runsOn,
    device: services.models.deviceNotice(),
    leaves: joinLeaves(services.describedLeaves(), services.texts.leaves()),
    contacts: [...services.contacts()],
    last_backup: last,
    notices: [...new Set(notices.filter((notice) => notice !== null))],
  }
}
