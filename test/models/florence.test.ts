import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { expect, it } from 'vitest'
import { openFlorence } from '../../src/models/providers/florence/index.ts'
import { makeFlorenceFolder, SENTENCE } from '../support/florence-folder.ts'
import { drawJpeg } from '../support/jpeg.ts'

/** The module file, e.g. `…/node_modules/@huggingface/transformers/dist/transformers.node.mjs`: 474 MB that are no dependency of ours. */
const transformers = process.env.FOTOTECA_TEST_TRANSFORMERS
const NEEDS = { needs: 'transformers.js (FOTOTECA_TEST_TRANSFORMERS: the path of its module file)' }

it.skipIf(transformers === undefined)(
  'Florence-2 runs in the real transformers.js, and a broken graph is named',
  { meta: NEEDS },
  async () => {
    const packageName = pathToFileURL(transformers ?? '').href
    const modelDir = await mkdtemp(join(tmpdir(), 'fototeca-florence-'))
    try {
      await makeFlorenceFolder(join(modelDir, 'standin'))
      const { jpeg } = await drawJpeg()
      const florence = openFlorence(modelDir, 'standin', packageName)
      const said = await florence.caption(jpeg, {}).finally(florence.close)
      expect([said.text.trim(), said.short?.trim(), said.objects]).toEqual([SENTENCE, SENTENCE, []])

      await writeFile(join(modelDir, 'standin', 'onnx', 'encoder_model.onnx'), 'no graph')
      const broken = openFlorence(modelDir, 'standin', packageName)
      await expect(broken.caption(jpeg, {}).finally(broken.close)).rejects.toMatchObject({
        kind: 'misconfigured',
        message: expect.stringContaining('encoder_model.onnx'),
      })
    } finally {
      await rm(modelDir, { recursive: true })
    }
  },
)
