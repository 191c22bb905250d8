import { expect, it } from 'vitest'
import { isAddressRange, matchAddresses } from './address-ranges.ts'

it('knows addresses, ranges and names', () => {
  for (const range of ['10.0.0.5', '10.0.0.0/8', '::1', 'fd00::/8', 'loopback', 'uniquelocal'])
    expect(isAddressRange(range), range).toBe(true)
  for (const range of ['', 'proxy', '10.0.0', '10.0.0.0/33', '10.0.0.0/8/8', '::1/129', 'constructor', '10.0.0.0/'])
    expect(isAddressRange(range), range).toBe(false)
})

it('finds an address in them', () => {
  const isIn = matchAddresses(['10.0.0.5', '192.168.7.0/24', 'loopback', 'fd00::/8'])
  for (const address of ['10.0.0.5', '::ffff:10.0.0.5', '192.168.7.9', '127.0.0.2', '::1', 'fd12::1'])
    expect(isIn(address), address).toBe(true)
  for (const address of ['10.0.0.6', '192.168.8.1', '2001:db8::1', '', 'unknown']) expect(isIn(address), address).toBe(false)
  expect(matchAddresses([])('127.0.0.1')).toBe(false)
})
