import { expect, it } from 'vitest'
import type { ShotMeasures } from '../domain/product/shot.ts'
import { checkReadiness, type PictureFacts } from './check-readiness.ts'
import { gradeShot } from './grade-shot.ts'
import { MARKETPLACES } from './marketplaces.ts'

const SHOT: ShotMeasures = {
  width: 2000,
  height: 2000,
  backgroundUniform: 1,
  backgroundPureWhite: 1,
  backgroundWhite: 1,
  cast: 0,
  product: { x: 0.05, y: 0.05, width: 0.9, height: 0.9 },
  fill: 0.9,
  offCentre: 0,
  edgesTouched: 0,
  isFramed: false,
  maker: { sourceType: null, program: null },
  sharpness: 0.1,
  brightness: 140,
  clippedDark: 0,
  clippedLight: 0,
  noise: 1,
  colour: 'gold',
}
const FACTS: PictureFacts = {
  shot: SHOT,
  bytes: 900_000,
  format: 'jpeg',
  text: '',
  faces: 0,
  people: 0,
  colourProfile: null,
  isJewelry: true,
  picturesOfProduct: 6,
}
const amazon = (facts: Partial<PictureFacts>, shot: Partial<ShotMeasures> = {}) =>
  checkReadiness(MARKETPLACES['amazon-main'], { ...FACTS, shot: { ...SHOT, ...shot }, ...facts })
const of = (rule: string, { checks }: ReturnType<typeof checkReadiness>) => checks.find((check) => check.rule === rule)

it('a good picture passes everywhere', () => {
  for (const profile of Object.values(MARKETPLACES))
    expect(checkReadiness(profile, FACTS)).toMatchObject({ status: profile === MARKETPLACES.shopify ? 'warn' : 'pass' })
  expect(gradeShot(SHOT)).toEqual({ grade: 'A', reasons: [] })
})

it('each rule of the Amazon main image says what it measured and what mends it', () => {
  expect(of('longest side', amazon({}, { width: 499, height: 400 }))).toMatchObject({ status: 'fail', measured: '499 px', mend: null })
  expect(of('longest side', amazon({}, { width: 1200, height: 1200 }))?.status).toBe('warn')
  expect(of('longest side', amazon({}, { width: 12_000 }))).toMatchObject({ status: 'fail', mend: 'resize' })
  expect(of('white background', amazon({}, { backgroundPureWhite: 0.3 }))).toMatchObject({ status: 'warn', mend: 'white' })
  expect(of('white background', amazon({}, { backgroundPureWhite: 0, backgroundWhite: 0.1 }))).toMatchObject({ status: 'fail', mend: null })
  expect(of('fill', amazon({}, { fill: 0.4 }))).toMatchObject({ status: 'fail', measured: '40 %', mend: 'crop' })
  expect(of('fill', amazon({}, { fill: null, product: null }))?.status).toBe('unknown')
  expect(of('whole product', amazon({}, { edgesTouched: 1 }))?.status).toBe('warn')
  expect(of('whole product', amazon({}, { edgesTouched: 2 }))?.status).toBe('fail')
  expect(of('no text or watermark', amazon({ text: 'SALE' }))).toMatchObject({ status: 'fail', measured: '“SALE”' })
  expect(of('no text or watermark', amazon({ text: null }))?.status).toBe('unknown')
  expect(of('no person', amazon({ faces: 1 }))).toMatchObject({ status: 'fail', measured: '1 face' })
  expect(of('no person', amazon({ people: 2 }))).toMatchObject({ status: 'fail', measured: '2 figures' })
  expect(of('no person', amazon({ people: null }))?.status).toBe('unknown')
  expect(of('border', amazon({}, { isFramed: true }))?.status).toBe('fail')
  expect(of('pictures of the product', amazon({ picturesOfProduct: 5 }))).toMatchObject({ status: 'warn', measured: '5' })
  expect(of('pictures of the product', amazon({ picturesOfProduct: null }))?.status).toBe('warn')
  expect(of('colour space', amazon({ colourProfile: 'Adobe RGB (1998)' }))).toMatchObject({ status: 'fail', mend: 'srgb' })
  expect(of('format', amazon({ format: 'webp' }))).toMatchObject({ status: 'fail', mend: 'srgb' })
  expect(of('file size', amazon({ bytes: 11_000_000 }))).toMatchObject({ status: 'fail', measured: '11 MB' })
  const ebay = (jpegQuality: number) => of('JPEG quality', checkReadiness(MARKETPLACES.ebay, { ...FACTS, shot: { ...SHOT, jpegQuality } }))
  expect([ebay(92)?.status, ebay(75)]).toMatchObject(['pass', { status: 'warn', measured: '75 of 100', mend: null }])
  expect(of('JPEG quality', checkReadiness(MARKETPLACES.ebay, FACTS))).toBeUndefined()
  expect(checkReadiness(MARKETPLACES.etsy, { ...FACTS, shot: { ...SHOT, height: 1800 } })).toMatchObject({ status: 'fail' })
})

it('asks less of jewelry where the marketplace does', () => {
  const near = { fill: 0.82, edgesTouched: 1 }
  expect(of('fill', amazon({}, near))).toMatchObject({ status: 'pass', wants: 'at least 80 % of the frame' })
  expect(of('fill', amazon({ isJewelry: false }, near))).toMatchObject({
    status: 'warn',
    wants: 'at least 85 % of the frame (80 % for jewelry)',
  })
  expect([of('whole product', amazon({}, near))?.status, of('whole product', amazon({ isJewelry: false }, near))?.status]).toEqual([
    'warn',
    'fail',
  ])
})

it('lists what no measure tells, and calls it neither passed nor failed', () => {
  const { status, checks } = amazon({})
  expect(status).toBe('pass')
  const toLookAt = checks.filter((check) => check.status === 'look')
  expect(toLookAt.map(({ rule }) => rule)).toEqual(['logo', 'inset', 'props', 'mannequin'])
})

it('what a model made must say so for Google', () => {
  const google = (maker: ShotMeasures['maker']) =>
    of('mark of AI', checkReadiness(MARKETPLACES.google, { ...FACTS, shot: { ...SHOT, maker } as ShotMeasures }))
  expect(google({ sourceType: 'trainedAlgorithmicMedia', program: 'Midjourney' })?.status).toBe('pass')
  expect(google({ sourceType: null, program: 'Midjourney' })).toMatchObject({
    status: 'warn',
    measured: 'the file speaks of “Midjourney”, and has no mark',
  })
  expect(google({ sourceType: null, program: null })).toMatchObject({ status: 'pass', measured: 'nothing in the file speaks of a model' })
  expect(google(undefined)?.status).toBe('unknown')
})

it('grades by how many reasons there are, and how bad', () => {
  expect(gradeShot({ ...SHOT, width: 900, height: 900 })).toMatchObject({
    grade: 'B',
    reasons: [{ what: 'few pixels', measured: 'longest side 900 px' }],
  })
  expect(gradeShot(SHOT, 'SALE\n50 %')).toMatchObject({
    grade: 'B',
    reasons: [{ what: 'text or watermark', measured: '“SALE 50 %” is read in it' }],
  })
  expect(gradeShot(SHOT, 'I').grade).toBe('A')
  expect(gradeShot({ ...SHOT, width: 400, height: 400 }).grade).toBe('C')
  expect(gradeShot({ ...SHOT, width: 900, height: 900, cast: 0.05, noise: 7 }).grade).toBe('C')
})
