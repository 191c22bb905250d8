/** @file fototeca verify: reads every file of the library against its hash, or tells and checks again what was wrong. */
import { setTimeout as sleep } from 'node:timers/promises'
import type { Command } from 'commander'
import type { FileProblem, VerifyReport } from '../../contract/verify.ts'
import { countOf } from '../../domain/count-of.ts'
import { type Api, ApiError } from '../api.ts'
import { type CliContext, Failed } from '../context.ts'
import { formatBytes, formatDuration, formatTable, toPlainText } from '../format.ts'
import { createLineProgress } from '../line-progress.ts'

interface VerifyOptions {
  readonly mbPerSecond?: string
  readonly status?: boolean
  readonly pause?: boolean
  readonly problems?: boolean
  readonly again?: boolean
}

const ASK_EVERY_MS = 500
const PAGE = 500

export function addVerify(program: Command, context: CliContext): void {
  program
    .command('verify')
    .description('read every original, thumbnail, and preview and verify its hash')
    .option('--mb-per-second <n>', 'reading speed; 0 for no limit; default: FOTOTECA_VERIFY_MB_PER_SECOND')
    .option('--status', 'only show progress')
    .option('--pause', 'pause a check running in the server; the next one continues from there')
    .option('--problems', 'list damaged, missing, and unreadable originals')
    .option('--again', 'read only those again, for example after you restored them')
    .addHelpText(
      'after',
      '\nEnds with 1 where an original is wrong. Ctrl+C stops looking on: a server goes on with the check, and without a server the next call goes on where this one was.' +
        '\n\nExamples:\n  fototeca verify\n  fototeca verify --mb-per-second 0 --json\n  fototeca verify --problems',
    )
    .action(async (options: VerifyOptions) => {
      await context.withApi(async (api) => {
        if (options.problems) await printProblems(api, context)
        else if (options.again) await checkAgain(api, context)
        else {
          const report = options.status
            ? await api.call('getVerify')
            : options.pause
              ? await api.call('pauseVerify')
              : await follow(api, context, options)
          context.print(report, () => renderReport(report))
          if (report.problems > 0) throw new Failed()
        }
      })
    })
}

/** Begins a pass and waits for its end. */
async function follow(api: Api, context: CliContext, { mbPerSecond }: VerifyOptions): Promise<VerifyReport> {
  const rate = mbPerSecond === undefined ? undefined : Number(mbPerSecond)
  if (rate !== undefined && !(rate >= 0)) throw new ApiError(422, '--mb-per-second: a number, 0 or more', 'invalid')
  let report = await api.call('startVerify', { body: rate === undefined ? {} : { mb_per_second: rate } })
  const progress = createLineProgress(context)
  try {
    while (report.pass !== null && report.state !== 'paused') {
      progress.update(renderPass(report))
      await sleep(ASK_EVERY_MS)
      report = await api.call('getVerify')
    }
  } finally {
    progress.stop()
  }
  return report
}

async function printProblems(api: Api, context: CliContext): Promise<void> {
  const problems: FileProblem[] = []
  for (let skip = 0; ; skip += PAGE) {
    const page = await api.call('listFileProblems', { query: { skip, limit: PAGE } })
    problems.push(...page.problems)
    if (page.problems.length < PAGE) break
  }
  context.print({ problems }, () => (problems.length === 0 ? 'no original is known to be wrong' : formatTable(problems.map(toRow))))
  if (problems.length > 0) throw new Failed()
}

async function checkAgain(api: Api, context: CliContext): Promise<void> {
  const report = await api.call('checkFiles', { body: {} })
  context.print(
    report,
    () =>
      `${countOf(report.photos, 'photo')} checked again, ${report.right} are right; ${countOf(report.problems, 'original is', 'originals are')} still wrong`,
  )
  if (report.problems > 0) throw new Failed()
}

const toRow = ({ photo, kind, source, path, reason, found_at }: FileProblem): string[] => [
  kind,
  String(photo.id),
  found_at.slice(0, 10),
  toPlainText(photo.filename),
  toPlainText(`${source}: ${path}: ${reason}`),
]

/** `checked 120 of 340 photos · 1.4 GB · 20 MB/s · 3 min left · 2 wrong` */
function renderPass({ pass, state, reason }: VerifyReport): string {
  if (pass === null) return ''
  const parts = [`checked ${pass.photos} of ${countOf(pass.photos + pass.left, 'photo')}`, formatBytes(pass.bytes)]
  if (pass.bytes_per_second !== null) parts.push(`${formatBytes(pass.bytes_per_second)}/s`)
  if (pass.bytes_per_second && pass.photos > 0)
    parts.push(`${formatDuration(((pass.bytes / pass.photos) * pass.left) / pass.bytes_per_second)} left`)
  if (pass.found > 0) parts.push(`${pass.found} wrong`)
  if (pass.renewed > 0) parts.push(`${countOf(pass.renewed, 'picture')} made anew`)
  if (state === 'paused') parts.push('paused')
  if (state === 'waiting') parts.push(`waiting${reason === null ? '' : `: ${reason}`}`)
  return parts.join(' · ')
}

function renderReport(report: VerifyReport): string {
  const { pass, last, problems, next_at } = report
  const lines = []
  if (pass) lines.push(toPlainText(renderPass(report)))
  if (last) {
    const { files, renditions, bytes, found, renewed, changed, skipped } = last
    const also = [
      renewed > 0 ? `${renewed} thumbnails and previews are being made anew` : '',
      changed > 0 ? `${countOf(changed, 'file')} in folders changed by their owner, to be read by the next scan` : '',
      skipped > 0 ? `${countOf(skipped, 'file')} could not be reached` : '',
    ].filter((part) => part !== '')
    lines.push(
      `last whole check, ${last.finished_at.slice(0, 16).replace('T', ' ')}: ${countOf(files, 'original')}, ` +
        `${renditions} thumbnails and previews, ${formatBytes(bytes)}; ${countOf(found, 'original')} wrong`,
      ...also,
    )
  }
  if (!pass && !last) lines.push('no check was made yet')
  if (next_at) lines.push(`next check by itself: ${next_at.slice(0, 10)}`)
  lines.push(
    problems === 0
      ? 'no original is known to be wrong'
      : `${countOf(problems, 'original is', 'originals are')} wrong now: fototeca verify --problems`,
  )
  return lines.join('\n')
}
