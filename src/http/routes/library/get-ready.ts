/** @file GET /ready: true only if the database answers, and soon, and the data folder can be written. */
import { describeError, FototecaError } from '../../../domain/errors.ts'
import type { Handler } from '../../handler.ts'

/** A monitor asks every few seconds; what takes longer is not ready. */
const TIMEOUT_MS = 3000

export const getReady: Handler<'getReady'> = async ({ services }) => {
  const [database, outages] = await Promise.allSettled([askDatabase(services.library.ping(), TIMEOUT_MS), services.outages.check()])
  const current = services.outages.current()
  const found = outages.status === 'fulfilled' ? outages.value : []
  const reasons = [...found, ...(current ? [current] : [])].map(({ reason }) => reason)
  if (reasons.length === 0 && database.status === 'rejected') throw database.reason
  if (reasons.length > 0) throw new FototecaError('unavailable', [...new Set(reasons)].join('; '))
  return { status: 'ready' }
}

/** @throws FototecaError `unavailable` with the reason, at the latest after so long */
export async function askDatabase<T>(answer: Promise<T>, timeoutMs: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${timeoutMs / 1000} s`)), timeoutMs)
  })
  try {
    return await Promise.race([answer, late])
  } catch (error) {
    throw new FototecaError('unavailable', `the database does not answer: ${describeError(error)}`, { cause: error })
  } finally {
    clearTimeout(timer)
  }
}
