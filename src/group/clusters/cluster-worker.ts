/** @file The thread that finds clusters: learns the axes from a sample, takes vectors page by page, then groups all it has. */
import { fromVectorText } from '../../db/vector.ts'
import { Moved, serveModel } from '../../models/workers/worker-model.ts'
import { AXES, type Clustering, findClusters } from './find-clusters.ts'
import { type Axes, findAxes, project } from './principal-axes.ts'

serveModel(async (width: number) => {
  let axes: Axes | null = null
  let pages: Float32Array[] = []
  return {
    async learn(sample: readonly string[]): Promise<void> {
      const vectors = new Float32Array(sample.length * width)
      for (const [i, text] of sample.entries()) vectors.set(fromVectorText(text), i * width)
      axes = findAxes(vectors, width, AXES)
      pages = []
    },
    async add(texts: readonly string[]): Promise<void> {
      if (axes === null) throw new Error('learn comes first')
      const page = new Float32Array(texts.length * axes.count)
      for (const [i, text] of texts.entries()) project(axes, fromVectorText(text), page, i * axes.count)
      pages.push(page)
    },
    async find(): Promise<Moved<Clustering>> {
      const count = axes?.count ?? 0
      const all = new Float32Array(pages.reduce((sum, page) => sum + page.length, 0))
      let at = 0
      for (const page of pages) {
        all.set(page, at)
        at += page.length
      }
      pages = []
      const found = findClusters(all, count)
      return new Moved(found, [found.labels.buffer as ArrayBuffer, found.similarities.buffer as ArrayBuffer])
    },
  }
})
