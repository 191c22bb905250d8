/**
 * @file Trains the two towers against each other: a picture’s features and the words of its captions, by InfoNCE over a batch
 * (van den Oord et al. 2018, as in CLIP: Radford et al. 2021). Gradients by hand; the products of matrices run on onnxruntime.
 */
import { type Matrix, type Multiply, matrix, normaliseRows, Parameter, Random, unnormalise } from './matrix.ts'

export interface TrainOptions {
  readonly width: number
  readonly hidden: number
  readonly epochs: number
  readonly batch: number
  readonly rate: number
  readonly decay: number
  /** share of a picture’s features that are left out of a step */
  readonly featureDropout: number
  /** share of words whose own part is left out of a step, so that their GloVe vector has to do */
  readonly ownDropout: number
  readonly wordDropout: number
  readonly temperature: number
  readonly seed: number
}

export interface TrainingSet {
  /** standardised [pictures, features]; views of the same pictures, of which one is taken at random each time */
  readonly views: readonly [Matrix, ...Matrix[]]
  /** per picture its captions as word numbers */
  readonly captions: readonly (readonly Int32Array[])[]
  /** [words, `GLOVE_WIDTH`] unit GloVe vectors, zeros where there is none */
  readonly glove: Matrix
}

export interface Towers {
  readonly image: Matrix
  readonly imageBias: Matrix
  /** [words, width] what each word adds to a sentence */
  readonly words: Matrix
}

const softplus = (x: number) => (x > 20 ? x : Math.log1p(Math.exp(x)))
const sigmoid = (x: number) => 1 / (1 + Math.exp(-x))
/** tanh form of GELU (Hendrycks and Gimpel 2016) and its derivative */
const GELU = Math.sqrt(2 / Math.PI)
function gelu(x: number): [number, number] {
  const t = Math.tanh(GELU * (x + 0.044715 * x ** 3))
  return [0.5 * x * (1 + t), 0.5 * (1 + t) + 0.5 * x * (1 - t * t) * GELU * (1 + 3 * 0.044715 * x * x)]
}

export async function train(
  multiply: Multiply,
  { views, captions, glove }: TrainingSet,
  options: TrainOptions,
  onEpoch: (epoch: number, towers: () => Promise<Towers>, loss: number) => Promise<void>,
): Promise<Towers> {
  const random = new Random(options.seed)
  const { width, hidden, batch } = options
  const [pictures, features] = [views[0].rows, views[0].columns]
  const vocabulary = glove.rows
  const make = (rows: number, columns: number, scale: number, decay = options.decay) => {
    const value = matrix(rows, columns)
    if (scale > 0) for (let i = 0; i < value.data.length; i++) value.data[i] = scale * (2 * random.next() - 1)
    return new Parameter(value, decay)
  }
  const image = make(features, width, 1 / Math.sqrt(features))
  const imageBias = make(1, width, 0)
  const own = make(vocabulary, width, 0)
  const ownWeight = make(vocabulary, 1, 0)
  const linear = make(glove.columns, width, 0)
  const weigh = make(glove.columns, 1, 0)
  const weighBias = make(1, 1, 0)
  const inner = make(glove.columns, hidden, 0.1)
  const innerBias = make(1, hidden, 0.1)
  const outer = make(hidden, width, 1 / Math.sqrt(hidden))
  const scale = new Parameter(matrix(1, 1, Float32Array.of(Math.log(1 / options.temperature))), 0)

  /** What these words are before they are weighed, and everything the way back needs. */
  const embed = async (words: Int32Array, isTraining: boolean) => {
    const { columns } = glove
    const g = matrix(words.length, columns)
    for (const [i, word] of words.entries()) g.data.set(glove.data.subarray(word * columns, (word + 1) * columns), i * columns)
    const pre = await multiply('nn', g, inner.value)
    const slope = matrix(pre.rows, pre.columns)
    const act = matrix(pre.rows, pre.columns)
    for (let i = 0; i < pre.data.length; i++) {
      const [y, dy] = gelu((pre.data[i] as number) + (innerBias.value.data[i % hidden] as number))
      act.data[i] = y
      slope.data[i] = dy
    }
    const e = await multiply('nn', act, outer.value)
    const straight = await multiply('nn', g, linear.value)
    const raw = await multiply('nn', g, weigh.value)
    const weights = new Float32Array(words.length)
    const weightSlope = new Float32Array(words.length)
    const isOwn = new Uint8Array(words.length)
    for (const [i, word] of words.entries()) {
      isOwn[i] = !isTraining || random.next() >= options.ownDropout ? 1 : 0
      const x = (raw.data[i] as number) + (weighBias.value.data[0] as number) + (isOwn[i] ? (ownWeight.value.data[word] as number) : 0)
      weights[i] = softplus(x)
      weightSlope[i] = sigmoid(x)
      for (let k = 0; k < width; k++) {
        const at = i * width + k
        e.data[at] = (e.data[at] as number) + (straight.data[at] as number) + (isOwn[i] ? (own.value.data[word * width + k] as number) : 0)
      }
    }
    return { g, act, slope, e, weights, weightSlope, isOwn }
  }

  const towers = async (): Promise<Towers> => {
    const words = matrix(vocabulary, width)
    const chunk = 2048
    for (let from = 0; from < vocabulary; from += chunk) {
      const list = Int32Array.from({ length: Math.min(chunk, vocabulary - from) }, (_, i) => from + i)
      const { e, weights } = await embed(list, false)
      for (let i = 0; i < list.length; i++)
        for (let k = 0; k < width; k++) words.data[(from + i) * width + k] = (e.data[i * width + k] as number) * (weights[i] as number)
    }
    return {
      image: matrix(features, width, image.value.data.slice()),
      imageBias: matrix(1, width, imageBias.value.data.slice()),
      words,
    }
  }

  const order = Int32Array.from({ length: pictures }, (_, i) => i)
  const perEpoch = Math.floor(pictures / batch)
  const total = perEpoch * options.epochs
  const x = matrix(batch, features)
  const keepShare = 1 - options.featureDropout
  let step = 0
  for (let epoch = 1; epoch <= options.epochs; epoch++) {
    random.shuffle(order)
    let last = 0
    for (let from = 0; from + batch <= pictures; from += batch) {
      const chosen = order.subarray(from, from + batch)
      const rate = options.rate * Math.min(1, (step + 1) / 30) * (0.5 * (1 + Math.cos((Math.PI * step) / total)) + 0.01)
      // pictures
      for (let row = 0; row < batch; row++) {
        const view = views[random.below(views.length)] ?? views[0]
        const source = (chosen[row] as number) * features
        for (let k = 0; k < features; k++)
          x.data[row * features + k] = random.next() < keepShare ? (view.data[source + k] as number) / keepShare : 0
      }
      const h = await multiply('nn', x, image.value)
      for (let i = 0; i < h.data.length; i++) h.data[i] = (h.data[i] as number) + (imageBias.value.data[i % width] as number)
      const { unit: zi, norms: ni } = normaliseRows(h)
      // two captions of every picture
      const sentences: Int32Array[] = []
      for (let turn = 0; turn < 2; turn++)
        for (const picture of chosen) {
          const all = captions[picture] ?? []
          sentences.push((all[random.below(all.length)] ?? new Int32Array(0)).filter(() => random.next() >= options.wordDropout))
        }
      const numbers = new Map<number, number>()
      for (const sentence of sentences) for (const word of sentence) if (!numbers.has(word)) numbers.set(word, numbers.size)
      const words = Int32Array.from(numbers.keys())
      const w = await embed(words, true)
      const t = matrix(sentences.length, width)
      for (const [row, sentence] of sentences.entries())
        for (const word of sentence) {
          const i = numbers.get(word) as number
          const a = w.weights[i] as number
          for (let k = 0; k < width; k++)
            t.data[row * width + k] = (t.data[row * width + k] as number) + a * (w.e.data[i * width + k] as number)
        }
      const { unit: zt, norms: nt } = normaliseRows(t)
      // losses of both turns
      const heat = Math.exp(Math.min(4.6, scale.value.data[0] as number))
      const dzi = matrix(batch, width)
      const dzt = matrix(2 * batch, width)
      let dScale = 0
      last = 0
      for (let turn = 0; turn < 2; turn++) {
        const part = matrix(batch, width, zt.data.subarray(turn * batch * width, (turn + 1) * batch * width))
        const s = await multiply('nt', zi, part)
        const { loss, gradient, heatGradient } = contrast(s, heat)
        last += loss / 2
        dScale += heatGradient * heat
        const gi = await multiply('nn', gradient, part)
        const gt = await multiply('tn', gradient, zi)
        for (let i = 0; i < gi.data.length; i++) dzi.data[i] = (dzi.data[i] as number) + (gi.data[i] as number)
        dzt.data.set(gt.data, turn * batch * width)
      }
      unnormalise(dzi, zi, ni)
      unnormalise(dzt, zt, nt)
      // back through the pictures
      image.step((await multiply('tn', x, dzi)).data, rate)
      imageBias.step(sumRows(dzi), rate)
      // back through the words
      const de = matrix(words.length, width)
      const da = new Float32Array(words.length)
      for (const [row, sentence] of sentences.entries())
        for (const word of sentence) {
          const i = numbers.get(word) as number
          const a = w.weights[i] as number
          let dot = 0
          for (let k = 0; k < width; k++) {
            const g = dzt.data[row * width + k] as number
            de.data[i * width + k] = (de.data[i * width + k] as number) + a * g
            dot += g * (w.e.data[i * width + k] as number)
          }
          da[i] = (da[i] as number) + dot * (w.weightSlope[i] as number)
        }
      const dOwn = new Float32Array(vocabulary * width)
      const dOwnWeight = new Float32Array(vocabulary)
      for (const [i, word] of words.entries())
        if (w.isOwn[i]) {
          dOwn.set(de.data.subarray(i * width, (i + 1) * width), word * width)
          dOwnWeight[word] = da[i] as number
        }
      const dAct = await multiply('nt', de, outer.value)
      for (let i = 0; i < dAct.data.length; i++) dAct.data[i] = (dAct.data[i] as number) * (w.slope.data[i] as number)
      const dOuter = await multiply('tn', w.act, de)
      const dInner = await multiply('tn', w.g, dAct)
      const dLinear = await multiply('tn', w.g, de)
      const column = matrix(words.length, 1, da)
      const dWeigh = await multiply('tn', w.g, column)
      own.step(dOwn, rate)
      ownWeight.step(dOwnWeight, rate)
      outer.step(dOuter.data, rate)
      inner.step(dInner.data, rate)
      innerBias.step(sumRows(dAct), rate)
      linear.step(dLinear.data, rate)
      weigh.step(dWeigh.data, rate)
      weighBias.step(sumRows(column), rate)
      scale.step(Float32Array.of(dScale), rate)
      step++
    }
    await onEpoch(epoch, towers, last)
  }
  return towers()
}

/** Symmetric cross entropy over [pictures, captions] cosines. @returns the gradient at the cosines, and at the heat they are multiplied with */
function contrast({ data, rows: n }: Matrix, heat: number): { loss: number; gradient: Matrix; heatGradient: number } {
  const gradient = matrix(n, n)
  // cosines are at most 1 and the heat at most 100: nothing runs over, and doubles hold what is left of the smallest
  const grown = Float64Array.from(data, (cosine) => Math.exp(heat * (cosine - 1)))
  const rowSum = new Float64Array(n)
  const columnSum = new Float64Array(n)
  for (let r = 0, i = 0; r < n; r++)
    for (let c = 0; c < n; c++, i++) {
      const value = grown[i] as number
      rowSum[r] = (rowSum[r] as number) + value
      columnSum[c] = (columnSum[c] as number) + value
    }
  let [loss, heatGradient] = [0, 0]
  const share = 0.25 / n
  for (let r = 0, i = 0; r < n; r++)
    for (let c = 0; c < n; c++, i++) {
      const byRow = (grown[i] as number) / (rowSum[r] as number)
      const byColumn = (grown[i] as number) / (columnSum[c] as number)
      const isOwn = r === c
      if (isOwn) loss -= (Math.log(byRow + 1e-12) + Math.log(byColumn + 1e-12)) / (2 * n)
      const d = share * (byRow + byColumn - (isOwn ? 2 : 0))
      heatGradient += d * (data[i] as number)
      gradient.data[i] = d * heat
    }
  return { loss, gradient, heatGradient }
}

function sumRows({ data, rows, columns }: Matrix): Float32Array {
  const sums = new Float32Array(columns)
  for (let row = 0; row < rows; row++) for (let k = 0; k < columns; k++) sums[k] = (sums[k] as number) + (data[row * columns + k] as number)
  return sums
}
