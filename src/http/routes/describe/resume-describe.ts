/** @file POST /api/describe/resume */
import type { Handler } from '../../handler.ts'

export const resumeDescribe: Handler<'resumeDescribe'> = ({ services }) => services.describe.resume()
