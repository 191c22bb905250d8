/** @file Filter `orientation`: the shape of the upright picture. */
import { type RawBuilder, type SqlBool, sql } from 'kysely'
import type { ORIENTATIONS } from '../../contract/words.ts'
import { type Filter, meetsAny } from './filter.ts'

type Orientation = (typeof ORIENTATIONS)[number]

/** Sides that differ by less than 5 % look equal. */
const SHAPES: Readonly<Record<Orientation, (width: RawBuilder<unknown>, height: RawBuilder<unknown>) => RawBuilder<SqlBool>>> = {
  landscape: (width, height) => sql`${width} > ${height} * 1.05`,
  portrait: (width, height) => sql`${height} > ${width} * 1.05`,
  square: (width, height) => sql`${width} between ${height} / 1.05 and ${height} * 1.05`,
  panorama: (width, height) => sql`(${width} >= 2 * ${height} or ${height} >= 2 * ${width})`,
}

export const orientation: Filter<'orientation'> = {
  keeps: (shapes) =>
    shapes.length === 0
      ? null
      : meetsAny(shapes.map((shape) => (photo) => SHAPES[shape](sql.ref(`${photo}.width`), sql.ref(`${photo}.height`)))),
  facet: {
    rows: (of) => {
      const [width, height] = [sql.ref('p.width'), sql.ref('p.height')]
      const shapes = (Object.keys(SHAPES) as Orientation[]).map(
        (shape) =>
          sql`select p.id as photo_id, ${sql.lit(shape)} as value from photos p where ${SHAPES[shape](width, height)} and ${of('p.id')}`,
      )
      return sql.join(shapes, sql` union all `) as RawBuilder<{ photo_id: number; value: string }>
    },
  },
}
