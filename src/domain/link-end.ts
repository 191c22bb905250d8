/** @file Until when an address can be fetched: signed addresses, of ours and of S3, say it themselves. */

/** ISO 8601; null: it lasts. Also of a path. */
export function endOfLink(address: string): string | null {
  const query = new URLSearchParams(address.split('?', 2)[1] ?? '')
  const [own, from, seconds] = ['expires', 'X-Amz-Date', 'X-Amz-Expires'].map((name) => query.get(name))
  if (own) return new Date(Number(own) * 1000).toISOString()
  const [, day, time] = /^(\d{8})T(\d{6})Z$/.exec(from ?? '') ?? []
  if (day === undefined || time === undefined) return null
  const begin = Date.parse(`${day.replace(/(....)(..)(..)/, '$1-$2-$3')}T${time.replace(/(..)(..)(..)/, '$1:$2:$3')}Z`)
  return new Date(begin + Number(seconds) * 1000).toISOString()
}
