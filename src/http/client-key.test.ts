import { expect, it } from 'vitest'
import { clientKey } from './client-key.ts'

it('takes an IPv4 address as one client, and an IPv6 network', () => {
  expect(clientKey('192.0.2.7')).toBe('192.0.2.7')
  expect(clientKey('::ffff:192.0.2.7')).toBe('192.0.2.7')
  expect(clientKey('2001:db8:0:1::5')).toBe(clientKey('2001:0db8:0:1:ffff::9'))
  expect(clientKey('2001:db8:0:1::5')).not.toBe(clientKey('2001:db8:0:2::5'))
  expect(clientKey('fe80::1%eth0')).toBe('fe80:0:0:0::/64')
})
