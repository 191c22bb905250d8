/** @file GET /ready: true only if the database answers, and soon. */
import { describeError, FototecaError } from '../../../domain/errors.ts'
import type { Handler } from '../../handler.ts'

/** A monitor asks every few seconds; what takes longer is not ready. */
const PATIENCE_MS = 3000

export const getReady: Handler<'getReady'> = async ({ services }) => {
  await askDatabase(services.library.ping())
  return { status: 'ready' }
}

/** @throws FototecaError `unavailable` with the reason, at the latest after `PATIENCE_MS` */
export async function askDatabase<T>(answer: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${PATIENCE_MS / 1000} s`)), PATIENCE_MS)
  })
  try {
    return await Promise.race([answer, late])
  } catch (error) {
    throw new FototecaError('unavailable', `the database does not answer: ${describeError(error)}`, { cause: error })
  } finally {
    clearTimeout(timer)
  }
}
