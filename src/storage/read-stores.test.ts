import { describe, expect, it } from 'vitest'
import { FototecaError } from '../domain/errors.ts'
import { readBlobPlace, readStores } from './read-stores.ts'

it('without the setting there are the two described stores, in the data folder', () => {
  expect(readStores(undefined, '/data', 'jewelry')).toEqual([
    { name: 'alya', folder: '/data/stores/alya', duplicate_distance: 0.05, hold: 'never' },
    { name: 'blysk', folder: '/data/stores/blysk', duplicate_distance: 0.05, hold: 'never' },
  ])
})

it('takes folders and buckets, each with its own rules', () => {
  const setting = JSON.stringify({
    alya: { bucket: 'alyaimg', endpoint: 'https://s3.example.com', path_style: true, url: 'https://alyaimg.example.com/' },
    shop: { folder: '/srv/shop', duplicate_distance: 0.02, hold: 'similar' },
  })
  expect(readStores(setting, '/data', 'jewelry')).toMatchObject([
    { name: 'alya', bucket: 'alyaimg', region: 'us-east-1', prefix: '', url: 'https://alyaimg.example.com', path_style: true },
    { name: 'shop', folder: '/srv/shop', duplicate_distance: 0.02, hold: 'similar' },
  ])
})

it.each([
  ['not json', '{'],
  ['no file', '/nowhere/stores.json'],
  ['no store', '{}'],
  ['a name with a slash', '{"a/b":{"folder":"/x"}}'],
  ['an unknown word', '{"a":{"folder":"/x","bukket":"y"}}'],
  ['a distance out of range', '{"a":{"folder":"/x","duplicate_distance":3}}'],
])('says what is wrong: %s', (_, setting) => {
  expect(() => readStores(setting, '/data', 'jewelry')).toThrow(FototecaError)
  expect(() => readStores(setting, '/data', 'jewelry')).toThrow(/FOTOTECA_STORES/)
})

it('without the setting, the stores are those of the product profile', () => {
  expect(readStores(undefined, '/data', 'fashion').map(({ name }) => name)).toEqual(['shop'])
})

describe('FOTOTECA_BLOBS', () => {
  it('is the data folder, or a bucket by the names stores have', () => {
    expect(readBlobPlace(undefined)).toBeNull()
    expect(readBlobPlace('s3://photos')).toEqual({ bucket: 'photos', prefix: '', region: 'us-east-1', path_style: false })
    expect(readBlobPlace('s3://photos/of/mine/?endpoint=http%3A%2F%2Flocalhost%3A9000&path_style=true&region=eu-1&profile=me')).toEqual({
      bucket: 'photos',
      prefix: 'of/mine/',
      region: 'eu-1',
      path_style: true,
      endpoint: 'http://localhost:9000',
      profile: 'me',
    })
  })

  it.each([
    ['/srv/photos', 's3://bucket/prefix'],
    ['https://s3.example.com/photos', 's3://bucket/prefix'],
    ['s3://key:secret@photos', 'its keys come from the AWS environment'],
    ['s3://photos/.hidden', 'prefix'],
    ['s3://ab', 'bucket'],
    ['s3://photos?path_style=yes', 'path_style'],
    ['s3://photos?ednpoint=http://localhost', 'ednpoint'],
  ])('%s is refused', (setting, why) => {
    expect(() => readBlobPlace(setting)).toThrow(why)
  })
})
