import { describe, expect, it } from 'vitest'
import { FototecaError } from './errors.ts'
import { findOutageKind } from './outage.ts'

const coded = (code: string, message = 'x') => Object.assign(new Error(message), { code })

describe('an error', () => {
  it.each([
    ['a full disk', coded('ENOSPC'), 'disk_full'],
    ['a used-up quota', coded('EDQUOT'), 'disk_full'],
    ['a full disk of the database', coded('53100'), 'disk_full'],
    ['a full disk behind another error', new Error('cannot write', { cause: coded('ENOSPC') }), 'disk_full'],
    ['a full disk said for a person', new FototecaError('disk_full', 'x'), 'disk_full'],
    ['a read-only disk behind a sentence', new FototecaError('unavailable', 'x', { cause: coded('EROFS') }), 'unavailable'],
    ['a server that is stopped', coded('57P01'), 'unavailable'],
    ['a server that starts', coded('57P03'), 'unavailable'],
    ['a server that is not there', coded('ECONNREFUSED'), 'unavailable'],
    ['a connection that broke', new Error('Connection terminated unexpectedly'), 'unavailable'],
    ['a file that is not there', coded('ENOENT'), 'unclear'],
    ['a failing disk', coded('EIO'), 'unclear'],
    ['files of the database that are gone', coded('58P01'), 'unclear'],
    ['files of the database on a read-only disk', coded('42501'), 'unclear'],
  ])('of %s is %s', (_, error, kind) => {
    expect(findOutageKind(error)).toBe(kind)
  })

  it.each([
    ['a damaged picture', new FototecaError('unreadable_picture', 'x')],
    ['a value that cannot be stored', coded('22021')],
    ['a statement too large for the database’s memory', coded('53200')],
    ['a model’s server that is not there', new TypeError('fetch failed', { cause: coded('ECONNREFUSED') })],
    ['nothing in particular', 'x'],
    ['nothing', undefined],
  ])('of %s is no outage', (_, error) => {
    expect(findOutageKind(error)).toBeNull()
  })
})
