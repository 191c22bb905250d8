/** @file What can be done to the chosen photos: the shape of an action. The list of them is `app/photo-actions.ts`. */
import type { QueryClient } from '@tanstack/react-query'
import type { LucideIcon } from 'lucide-react'
import type { ComponentType } from 'react'

export interface ActionOutcome {
  /** what was done, in words */
  readonly message: string
  /** takes it back; says what came of that */
  readonly undo?: () => Promise<string>
  /** the photos stay chosen, for a next action */
  readonly keepsSelection?: boolean
}

export interface ActionDialogProps {
  readonly ids: readonly number[]
  readonly onClose: () => void
  readonly onDone: (outcome: ActionOutcome) => void
}

interface ActionFace {
  readonly name: string
  readonly label: string
  readonly Icon: LucideIcon
  /** has a button of its own on a phone, too; the others are under ⋯ there */
  readonly isCommon?: boolean
  /** one key, or `Shift+` and a key, as the browser names it */
  readonly hotkey?: string
}

/** Acts at once, or asks in a dialog first. A thrown error is shown with its message. */
export type PhotoAction = ActionFace &
  (
    | { readonly run: (ids: readonly number[], client: QueryClient) => Promise<ActionOutcome> }
    | { readonly Dialog: ComponentType<ActionDialogProps> }
  )
