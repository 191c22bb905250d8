/** @file POST /api/people/cluster */
import type { Handler } from '../../handler.ts'

export const clusterPeople: Handler<'clusterPeople'> = async ({ services }) => ({ faces: await services.people.cluster() })
