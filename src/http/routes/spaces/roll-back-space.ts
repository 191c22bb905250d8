/** @file POST /api/spaces/roll-back */
import type { Handler } from '../../handler.ts'

export const rollBackSpace: Handler<'rollBackSpace'> = ({ services }) => services.spaces.rollBack()
