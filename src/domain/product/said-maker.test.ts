import { expect, it } from 'vitest'
import { readSaidMaker } from './said-maker.ts'

const read = (...texts: string[]) => readSaidMaker(texts.map((text) => Buffer.from(`\u00ff\u00d8\u0000${text}\u0000`)))

it('reads the mark and the program where they stand in the file', () => {
  const mark =
    '<Iptc4xmpExt:DigitalSourceType>http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia</Iptc4xmpExt:DigitalSourceType>'
  expect(read(mark)).toEqual({ sourceType: 'trainedAlgorithmicMedia', program: null })
  expect(read('', `Software Midjourney v6 ${mark}`)).toEqual({ sourceType: 'trainedAlgorithmicMedia', program: 'Midjourney' })
  expect(read('made with DALL·E 3').program).toMatch(/^DALL/)
  expect(read('tEXtparameters a cat, Stable Diffusion XL').program).toBe('Stable Diffusion')
})

it('says nothing where the file says nothing', () => {
  expect(read('Canon EOS 5D', '')).toEqual({ sourceType: null, program: null })
  expect(readSaidMaker([])).toEqual({ sourceType: null, program: null })
})
