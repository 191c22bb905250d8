/** @file Lengths as people write them: `38 mm`, `1,5cm`, `1 1/2"`, `2 ¼ in`. The text stays as written; the number is for comparing. */

export interface Length {
  /** as it is drawn: tidied, in the writer's own unit */
  readonly text: string
  /** null where no unit was written */
  readonly mm: number | null
  readonly value: number
}

const UNITS: readonly (readonly [RegExp, string, number])[] = [
  [/^(mm|millimet(er|re)s?|毫米|ミリ|мм)$/i, 'mm', 1],
  [/^(cm|centimet(er|re)s?|厘米|公分|センチ|см)$/i, 'cm', 10],
  [/^(m|met(er|re)s?|米)$/i, 'm', 1000],
  [/^("|″|”|''|in\.?|inch(es)?|zoll|英寸|インチ)$/i, 'in', 25.4],
  [/^('|′|ft\.?|foot|feet|fuß|英尺)$/i, 'ft', 304.8],
]
const FRACTIONS: Readonly<Record<string, number>> = {
  '¼': 1 / 4,
  '½': 1 / 2,
  '¾': 3 / 4,
  '⅓': 1 / 3,
  '⅔': 2 / 3,
  '⅛': 1 / 8,
  '⅜': 3 / 8,
  '⅝': 5 / 8,
  '⅞': 7 / 8,
}
const LONGEST = 60

/** @returns null when it says no length above zero */
export function parseLength(written: string): Length | null {
  const text = written.replace(/\s+/g, ' ').trim()
  if (text.length === 0 || text.length > LONGEST) return null
  const match = /^(?:(\d+(?:[.,]\d+)?)(?!\d*\s*[/⁄]))?\s*(?:(\d+)\s*[/⁄]\s*(\d+)|([¼½¾⅓⅔⅛⅜⅝⅞]))?\s*(.*)$/u.exec(text)
  if (!match) return null
  const [, whole, above, below, sign, rest = ''] = match
  // `1/2` alone: the fraction took no whole number
  const number = whole === undefined ? 0 : Number(whole.replace(',', '.'))
  const part = sign ? (FRACTIONS[sign] ?? 0) : above && below && Number(below) > 0 ? Number(above) / Number(below) : 0
  const value = number + part
  if (!(value > 0) || !Number.isFinite(value)) return null
  const unit = UNITS.find(([pattern]) => pattern.test(rest.trim()))
  if (rest.trim() !== '' && !unit) return null
  const written2 = text.slice(0, text.length - rest.length).trim()
  const shown = unit ? `${written2} ${unit[1]}` : written2
  // a unit in another script stays in it
  return { text: unit && /[^\x20-\x7e″′”]/.test(rest) ? text : shown, mm: unit ? value * unit[2] : null, value }
}
