/**
 * @file The time limit of a decode. Ten photos at once on a busy machine have each a tenth of it, so the limit is one of processor time too:
 * while this process has had less of it than the limit, a decode goes on, up to twice the limit by the clock. A file on a disk that does not
 * answer takes no processor time at all, and ends there.
 */

/** Times the limit that a decode may take by the clock. */
export const MAX_STRETCH = 2

export interface DecodeTimeout extends Disposable {
  /** aborts with a `TimeoutError` */
  readonly signal: AbortSignal
}

/** @param readCpuMs processor time of this process, all threads of it */
export function startDecodeTimeout(limitMs: number, readCpuMs = readOwnCpuMs): DecodeTimeout {
  const ending = new AbortController()
  const cpuBefore = readCpuMs()
  let leftMs = limitMs * MAX_STRETCH
  let timer: NodeJS.Timeout
  const wait = (ms: number) => {
    leftMs -= ms
    timer = setTimeout(() => {
      const missing = Math.min(limitMs - (readCpuMs() - cpuBefore), leftMs)
      if (missing >= 1) wait(missing)
      else ending.abort(new DOMException('the decode took too long', 'TimeoutError'))
    }, ms).unref()
  }
  wait(limitMs)
  return { signal: ending.signal, [Symbol.dispose]: () => clearTimeout(timer) }
}

function readOwnCpuMs(): number {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1000
}
