/** @file Lets a limited number of requests into a costly place, keeps a limited number waiting, and turns the rest away. */
import { FototecaError } from '../domain/errors.ts'

export interface Turnstile {
  /** @throws FototecaError `too_many` when the queue is full; the signal's reason when the caller went away while waiting */
  enter(signal?: AbortSignal): Promise<Disposable>
}

export function createTurnstile(inside: number, waiting: number): Turnstile {
  let busy = 0
  const queue: (() => void)[] = []
  const leave = (): Disposable => {
    let isOut = false
    return {
      [Symbol.dispose]: () => {
        if (isOut) return
        isOut = true
        busy -= 1
        queue.shift()?.()
      },
    }
  }
  return {
    enter(signal) {
      if (busy < inside) {
        busy += 1
        return Promise.resolve(leave())
      }
      if (queue.length >= waiting)
        return Promise.reject(new FototecaError('too_many', 'too many requests of this kind at once; try again in a moment'))
      return new Promise((resolve, reject) => {
        const go = () => {
          signal?.removeEventListener('abort', giveUp)
          busy += 1
          resolve(leave())
        }
        const giveUp = () => {
          queue.splice(queue.indexOf(go), 1)
          reject(signal?.reason)
        }
        signal?.addEventListener('abort', giveUp, { once: true })
        queue.push(go)
      })
    },
  }
}
