import { expect, it } from 'vitest'
import {
  CaptionD,
  CaptionOptionsD,
  CaptionQueryD,
  DEFAULT_IMAGE_TYPES,
  DeletedImageD,
  DeleteImageD,
  GeneratedImagesD,
  GenerateImagesD,
  IMAGE_TYPE_NAMES,
  SimilarityD,
  SimilarityOptionsD,
  SimilarityQueryD,
} from './described-products.ts'

it('fills in the defaults of system D', () => {
  expect(CaptionOptionsD.parse({ type: 'earring' })).toEqual({ type: 'earring', check_duplicate: 'yes' })
  expect(SimilarityOptionsD.parse({ top_k: '3', check_duplicate: 'No' })).toEqual({ top_k: 3, check_duplicate: 'no' })
  // what was not in the query may still be in the form
  expect(CaptionQueryD.parse({})).toEqual({})
  expect(SimilarityQueryD.parse({})).toEqual({})
  expect(GenerateImagesD.parse({ s3_urls: 'https://alyaimg.example/a.jpg', product_type: 'earring' })).toEqual({
    s3_urls: 'https://alyaimg.example/a.jpg',
    product_type: 'earring',
    num_images: 4,
    image_types: null,
    height: null,
    width: null,
  })
  expect(DEFAULT_IMAGE_TYPES.map((type) => IMAGE_TYPE_NAMES[type])).toEqual([
    'White Background',
    'Hand Holding',
    'Lifestyle Nature',
    'Model Wearing',
  ])
})

it('refuses what system D has no meaning for', () => {
  expect(SimilarityOptionsD.safeParse({ top_k: '0' }).success).toBe(false)
  expect(CaptionOptionsD.safeParse({ check_duplicate: 'maybe' }).success).toBe(false)
  expect(GenerateImagesD.safeParse({ s3_urls: 'x', product_type: '' }).success).toBe(false)
  expect(GenerateImagesD.safeParse({ s3_urls: 'x', product_type: 'ring', image_types: [0] }).success).toBe(false)
  expect(DeleteImageD.safeParse({ id: 'abc' }).success).toBe(false)
})

it('answers hold the fields of system D under its names', () => {
  const url = 'https://alyaimg.example/20261122_101112_ring.jpg'
  const duplicate = {
    display_name: 'Ring',
    s3_url: url,
    duplicate: 'duplicate found',
    id: 1,
    duplicate_kind: 'same-file',
    distance: 0,
    space: null,
  }
  expect(CaptionD.parse(duplicate)).toEqual(duplicate)
  const fresh = { duplicate_found: false, image_name: 'ring.jpg', s3_url: url, id: 2, held: false, space: 'look@1' }
  expect(SimilarityD.parse(fresh)).toEqual(fresh)
  const image = {
    prompt_index: 0,
    image_url: url,
    image_type: 1,
    image_type_name: 'White Background',
    needs_review: false,
    reason: null,
    fidelity: null,
  }
  expect(GeneratedImagesD.safeParse({ original_image_url: url, gen_images: [image], zip_url: url }).success).toBe(true)
  expect(DeletedImageD.safeParse({ id: 1, s3_url: url, deleted: true, message: 'in the trash' }).success).toBe(true)
})
