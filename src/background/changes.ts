/** @file Which things changed, for whoever shows them: what processes tell each other, in the words of the contract. (ADR 93) */
import type { ChangeTopic } from '../contract/events.ts'
import type { Relay, Topic } from './relay.ts'

const TOPICS: Readonly<Record<string, readonly ChangeTopic[]>> = {
  'photos due': ['queue'],
  'photos done': ['photos', 'queue'],
  queues: ['queue'],
  models: ['models'],
  describer: ['models', 'queue'],
} satisfies Record<Exclude<Topic, `task ${string}`>, readonly ChangeTopic[]>

export interface Changes {
  /** `listener` must neither throw nor wait. @returns ends it */
  follow(listener: (topics: readonly ChangeTopic[]) => void): () => void
}

export function createChanges(relay: Pick<Relay, 'watch'>): Changes & { tell(...topics: ChangeTopic[]): void } {
  const listeners = new Set<(topics: readonly ChangeTopic[]) => void>()
  const tell = (...topics: ChangeTopic[]) => {
    for (const listener of listeners) listener(topics)
  }
  relay.watch((topic) => tell(...(TOPICS[topic] ?? ['tasks'])))
  return {
    tell,
    follow(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}
