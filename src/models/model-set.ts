/** @file The models of one process, one per capability, or the reason why there is none. */
import type { Message } from '../contract/messages/message.ts'
import type { StepCapability, StepModels } from './ports/capability.ts'

/** No model answers for a capability, and why. */
export class NoModel {
  /** for a person */
  readonly reason: Message
  constructor(reason: Message) {
    this.reason = reason
  }
}

export interface Models extends AsyncDisposable {
  /** Loaded at the first call and kept. @throws FototecaError `model_failed` when it cannot be loaded; the next call tries again */
  get<C extends StepCapability>(capability: C): Promise<StepModels[C] | NoModel>
}
