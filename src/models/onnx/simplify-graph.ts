/**
 * @file Rewrites a network into fewer passes over its maps, with the same results but for rounding. Networks exported from PaddlePaddle spell
 * out each hard swish in four operations and each learnt scale in two; onnxruntime runs every one as a pass of its own, and turns the maps
 * from its blocked layout into plain ones and back around them. In PP-OCRv4's recogniser that is 65 % of the time.
 */
import { decodeGraph } from './decode-graph.ts'
import { type Attribute, encodeGraph, type Graph, type Node, type Weight } from './encode-graph.ts'

/** From this version on `Clip` takes its ends as inputs, before it as attributes. */
const CLIP_BY_INPUTS = 11

interface Affine {
  readonly scale: number
  readonly shift: number
}

/** @param model bytes of an ONNX file @returns bytes of the simpler one */
export function simplifyModel(model: Uint8Array): Uint8Array {
  const { graph, opset } = decodeGraph(model)
  return encodeGraph(simplifyGraph(graph, opset), opset)
}

/** @param opset of the operators */
function simplifyGraph(graph: Graph, opset: number): Graph {
  const editor = new Editor(graph)
  for (const node of editor.list()) foldIntoConv(editor, node)
  for (const node of editor.list()) replaceHardSwish(editor, node, opset)
  for (const node of editor.list()) mergeGate(editor, node)
  return editor.graph()
}

/** `conv(x) · a`, `conv(x) + c`: the convolution's own weights and bias. */
function foldIntoConv(editor: Editor, node: Node): void {
  const affine = editor.affine(node)
  if (!affine || editor.consumers(affine.input).length !== 1) return
  const conv = editor.producer(affine.input)
  if (conv?.op !== 'Conv') return
  editor.scaleConv(conv, affine)
  editor.remove(node)
  editor.rename(conv, node.outputs[0] as string)
}

/**
 * a · x · clip(x + 3, 0, 6) / 6 + c. The gate a · clip(x / 6 + 1 / 2, 0, 1) is a convolution of one tap per channel with its ends cut, which
 * onnxruntime runs in one pass in its blocked layout; c goes into the convolutions that follow, or is one tap per channel more.
 */
function replaceHardSwish(editor: Editor, first: Node, opset: number): void {
  const [x, three] = [first.inputs[0] as string, editor.scalar(first.inputs[1])]
  const conv = editor.producer(x)
  if (first.op !== 'Add' || three !== 3 || conv?.op !== 'Conv') return
  const clip = editor.next(first)
  const product = clip && editor.next(clip)
  const quotient = product && editor.next(product)
  if (clip?.op !== 'Clip' || !isClipOf(editor, clip, 0, 6) || product?.op !== 'Mul' || !product.inputs.includes(x)) return
  if (quotient?.op !== 'Div' || quotient.inputs[0] !== product.outputs[0] || editor.scalar(quotient.inputs[1]) !== 6) return
  const whole = [first, clip, product, quotient]
  let { scale, shift }: Affine = { scale: 1, shift: 0 }
  for (let last = editor.next(quotient); last; last = editor.next(last)) {
    const affine = editor.affine(last)
    if (!affine) break
    scale *= affine.scale
    shift = shift * affine.scale + affine.shift
    whole.push(last)
  }
  const output = (whole.at(-1) as Node).outputs[0] as string
  const channels = editor.weight(conv.inputs[1] as string).dims[0] as number
  const consumers = editor.consumers(output)
  const isAbsorbed =
    shift !== 0 && consumers.every((consumer) => consumer.op === 'Conv' && consumer.inputs[0] === output && !isPadded(consumer))
  if (isAbsorbed) for (const consumer of consumers) editor.shiftInput(consumer, shift)
  const needsShift = shift !== 0 && !isAbsorbed
  const [taps, gate, gated] = [`${output}.taps`, `${output}.gate`, needsShift ? `${output}.gated` : output]
  const ends = [Math.min(0, scale), Math.max(0, scale)] as const
  editor.replace(whole, [
    editor.perChannel(x, taps, channels, { scale: scale / 6, shift: scale / 2 }),
    opset < CLIP_BY_INPUTS
      ? { op: 'Clip', inputs: [taps], outputs: [gate], attributes: { min: { float: ends[0] }, max: { float: ends[1] } } }
      : {
          op: 'Clip',
          inputs: [taps, editor.store(`${gate}.min`, [ends[0]], []), editor.store(`${gate}.max`, [ends[1]], [])],
          outputs: [gate],
        },
    { op: 'Mul', inputs: [x, gate], outputs: [gated] },
    ...(needsShift ? [editor.perChannel(gated, output, channels, { scale: 1, shift })] : []),
  ])
}

/** `x + x · gate` with one number per channel as gate: `x · (gate + 1)`. */
function mergeGate(editor: Editor, sum: Node): void {
  if (sum.op !== 'Add') return
  const [x, product] = sum.inputs as [string, string]
  const mul = editor.producer(product)
  if (mul?.op !== 'Mul' || mul.inputs[0] !== x || editor.consumers(product).length !== 1) return
  const gate = mul.inputs[1] as string
  if (editor.producer(gate)?.op !== 'HardSigmoid') return
  const raised = `${gate}.raised`
  editor.replace(
    [mul, sum],
    [
      { op: 'Add', inputs: [gate, editor.store(`${raised}.one`, [1], [1])], outputs: [raised] },
      { op: 'Mul', inputs: [x, raised], outputs: sum.outputs },
    ],
  )
}

function isClipOf(editor: Editor, { inputs, attributes }: Node, low: number, high: number): boolean {
  if (inputs.length === 3) return editor.scalar(inputs[1]) === low && editor.scalar(inputs[2]) === high
  return floatOf(attributes?.min) === low && floatOf(attributes?.max) === high
}

const floatOf = (attribute: Attribute | undefined): number | null =>
  typeof attribute === 'object' && 'float' in attribute ? attribute.float : null

/** What lies beside the map is 0, also where the map itself is shifted. */
function isPadded({ attributes }: Node): boolean {
  const pads = attributes?.pads
  return attributes?.auto_pad !== undefined || (Array.isArray(pads) && pads.some((pad) => pad !== 0))
}

class Editor {
  #nodes: Node[]
  readonly #weights: Map<string, Weight>
  readonly #graph: Graph

  constructor(graph: Graph) {
    this.#graph = graph
    this.#nodes = [...graph.nodes]
    this.#weights = new Map(graph.weights.map((weight) => [weight.name, weight]))
  }

  list(): readonly Node[] {
    return [...this.#nodes]
  }

  graph(): Graph {
    const used = new Set(this.#nodes.flatMap(({ inputs }) => inputs))
    return { ...this.#graph, nodes: this.#nodes, weights: [...this.#weights.values()].filter(({ name }) => used.has(name)) }
  }

  producer(name: string): Node | undefined {
    return this.#nodes.find(({ outputs }) => outputs.includes(name))
  }

  consumers(name: string): readonly Node[] {
    return this.#nodes.filter(({ inputs }) => inputs.includes(name))
  }

  /** The one node that takes the output of this one; none where several do, or the graph gives it out. */
  next({ outputs: [output] }: Node): Node | undefined {
    const consumers = this.consumers(output as string)
    return consumers.length === 1 && !this.#graph.outputs.some(({ name }) => name === output) ? consumers[0] : undefined
  }

  weight(name: string): Weight {
    const weight = this.#weights.get(name)
    if (!weight) throw new Error(`the network has no weights ${name}`)
    return weight
  }

  /** The value of a constant with one float; null for anything else. */
  scalar(name: string | undefined): number | null {
    const weight = name === undefined ? undefined : this.#weights.get(name)
    return weight?.data instanceof Float32Array && weight.data.length === 1 ? (weight.data[0] as number) : null
  }

  /** What a node does to its one input, where that is a product or sum with a constant number. */
  affine({ op, inputs }: Node): (Affine & { readonly input: string }) | null {
    if (op !== 'Mul' && op !== 'Add') return null
    const at = inputs.findIndex((name) => this.scalar(name) !== null)
    const value = this.scalar(inputs[at])
    if (value === null) return null
    return { input: inputs[1 - at] as string, scale: op === 'Mul' ? value : 1, shift: op === 'Add' ? value : 0 }
  }

  store(name: string, values: ArrayLike<number>, dims: readonly number[]): string {
    this.#weights.set(name, { name, dims, data: Float32Array.from(values) })
    return name
  }

  /** A convolution of one tap per channel. */
  perChannel(input: string, output: string, channels: number, { scale, shift }: Affine): Node {
    const fill = (name: string, value: number, dims: readonly number[]) =>
      this.store(`${output}.${name}`, new Array<number>(channels).fill(value), dims)
    return {
      op: 'Conv',
      inputs: [input, fill('scale', scale, [channels, 1, 1, 1]), fill('shift', shift, [channels])],
      outputs: [output],
      attributes: { kernel_shape: [1, 1], group: channels },
    }
  }

  scaleConv(conv: Node, { scale, shift }: Affine): void {
    const { dims, data } = this.weight(conv.inputs[1] as string)
    const bias = this.#biasOf(conv).map((value) => value * scale + shift)
    this.#setConv(
      conv,
      (data as Float32Array).map((value) => value * scale),
      dims,
      bias,
    )
  }

  /** As if `shift` were added to all that goes in. */
  shiftInput(conv: Node, shift: number): void {
    const { dims, data } = this.weight(conv.inputs[1] as string)
    const taps = data.length / (dims[0] as number)
    const bias = this.#biasOf(conv).map((value, channel) => {
      let sum = 0
      for (let i = 0; i < taps; i++) sum += (data as Float32Array)[channel * taps + i] as number
      return value + shift * sum
    })
    this.#setConv(conv, data as Float32Array, dims, bias)
  }

  remove(node: Node): void {
    this.#nodes = this.#nodes.filter((other) => other !== node)
  }

  rename(node: Node, output: string): void {
    const current = this.producer(node.outputs[0] as string) ?? node
    this.replace([current], [{ ...current, outputs: [output] }])
  }

  /** New nodes where the first of the old ones stood. */
  replace(old: readonly Node[], fresh: readonly Node[]): void {
    const at = this.#nodes.indexOf(old.at(-1) as Node)
    this.#nodes.splice(at, 1, ...fresh)
    for (const node of old.slice(0, -1)) this.remove(node)
  }

  #biasOf(conv: Node): Float32Array {
    const channels = this.weight(conv.inputs[1] as string).dims[0] as number
    return conv.inputs[2] === undefined ? new Float32Array(channels) : (this.weight(conv.inputs[2]).data as Float32Array)
  }

  /** Weights of its own: others may share the old ones. */
  #setConv(conv: Node, data: Float32Array, dims: readonly number[], bias: Float32Array): void {
    const [output] = conv.outputs as [string]
    const inputs = [
      conv.inputs[0] as string,
      this.store(`${output}.weights`, data, dims),
      this.store(`${output}.bias`, bias, [bias.length]),
    ]
    this.replace([conv], [{ ...conv, inputs }])
  }
}
