/** @file The analysis process with trial steps instead of real ones; the same protocol and runner. */
import type { FromAnalyser, ToAnalyser } from '../../../../src/pipeline/analyser/protocol.ts'
import { runSteps } from '../../../../src/pipeline/analyser/run-steps.ts'
import { createTrialSteps } from '../../../support/trial-steps.ts'

const tell = (message: FromAnalyser) => process.send?.(message)
const steps = createTrialSteps()

process.on('message', (message: ToAnalyser) => {
  if (message.type === 'configure') tell({ type: 'ready' })
  else if (message.type === 'analyse') {
    const { request } = message
    void runSteps(
      {
        steps,
        decode: () => Promise.reject(new Error('trial steps see no pixels')),
        models: { get: () => Promise.reject(new Error('trial steps have no models')) },
        onStarted: (step) => tell({ type: 'step-started', request, step }),
        onFinished: (step, outcome) => tell({ type: 'step-finished', request, step, outcome }),
      },
      message.file,
      message.steps,
      message.isSequential,
      new AbortController().signal,
    ).then(() => tell({ type: 'finished', request, rssBytes: process.memoryUsage.rss(), isRunaway: false }))
  }
})
process.on('disconnect', () => process.exit(0))
