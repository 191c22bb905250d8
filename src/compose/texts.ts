/** @file Descriptions as vectors of their own: filled when texts change, asked by search. */
import type { Config } from '../config/schema.ts'
import type { OpenDatabase } from '../db/client.ts'
import { createTexts, type Texts } from '../describe/texts/texts.ts'
import type { Log } from '../domain/log.ts'
import type { Outages } from '../domain/outage.ts'
import { openTextServer } from '../models/spaces/text-server.ts'
import type { Signals } from './signals.ts'

export function composeTexts(
  config: Config,
  { db }: OpenDatabase,
  stack: AsyncDisposableStack,
  log: Log,
  signals: Signals,
  outages: Outages,
): Texts {
  const texts = stack.use(
    createTexts({
      db,
      log,
      outages,
      openServer: () => openTextServer(config),
      timeoutMs: config.textEmbeddingTimeoutMs,
      cutOff: config.textEmbeddingCutOff,
    }),
  )
  for (const signal of [signals.photoDone, signals.factsChanged]) signal.listen(() => texts.wake())
  return texts
}
