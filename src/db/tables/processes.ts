/** @file Which processes work on this library, and which does what. */
import type { ColumnType, Generated } from 'kysely'

export interface ProcessesTables {
  processes: {
    id: string
    host: string
    pid: number
    /** machine and data folder */
    place: string
    version: string
    /** as `FOTOTECA_ROLES` */
    roles: string
    started_at: Generated<Date>
    /** its last heartbeat, and how its tasks stood then */
    heard_at: Generated<Date>
    tasks: ColumnType<unknown, string | undefined, string>
    /** it is alive until then; `infinity` where nobody else can open the database */
    until: ColumnType<Date | number, Date | string, Date | string>
  }
  /** who does what only one process may do */
  task_leases: { name: string; owner: string; token: Generated<number> }
  /** how often processes told each other of a topic */
  relayed: { topic: string; count: Generated<number> }
}
