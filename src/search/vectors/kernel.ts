/**
 * @file The one inner loop that plain JavaScript is too slow for: dot products of a question with rows of int8, as a WebAssembly module of
 * some 600 bytes that is put together here, so that what runs can be read and no binary or compiler is needed.
 * Opcodes: WebAssembly core specification 2.0, §5.4 (SIMD: prefix 0xfd).
 */

/** Rows are compared four at a time: a part of the question is loaded once for them. Row counts must be a multiple. */
export const ROWS_AT_ONCE = 4
/** Bytes (and values) a step takes of a row: widths are filled up to a multiple with zeros. */
export const STEP = 16
export const PAGE_BYTES = 65_536

/**
 * Writes `count` dot products (int32) to `out`. All arguments but `stride` and `count` are byte offsets in the memory.
 * @param question `stride` values of int16
 * @param rows `count` rows of `stride` int8 each
 */
export type Scan = (question: number, rows: number, stride: number, count: number, out: number) => void

/** The part of the JavaScript API of WebAssembly that is used; TypeScript has it only among the types of a browser. */
export interface WasmMemory {
  readonly buffer: ArrayBuffer
  grow(pages: number): number
}
declare const WebAssembly: {
  readonly Memory: new (limits: { initial: number; maximum: number }) => WasmMemory
  readonly Module: new (bytes: Uint8Array) => object
  readonly Instance: new (module: object, imports: object) => { readonly exports: { readonly scan: unknown } }
}

export function makeMemory(pages: number, maxPages: number): WasmMemory {
  return new WebAssembly.Memory({ initial: pages, maximum: maxPages })
}

export function openKernel(memory: WasmMemory): Scan {
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(assemble()), { own: { memory } })
  return exports.scan as Scan
}

const I32 = 0x7f
const V128 = 0x7b
const END = 0x0b

// parameters, then the locals
const [QUESTION, ROWS, STRIDE, COUNT, OUT] = [0, 1, 2, 3, 4]
const [AT, ROWS_END, OFFSET] = [5, 6, 7]
/** one row pointer and one sum (four int32) for each of the rows compared at once */
const pointer = (row: number) => 8 + row
const sum = (row: number) => 8 + ROWS_AT_ONCE + row

function assemble(): Uint8Array<ArrayBuffer> {
  const names = (text: string) => vector([...new TextEncoder().encode(text)])
  return new Uint8Array([
    ...[0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00],
    ...section(1, [1, 0x60, ...vector([I32, I32, I32, I32, I32]), 0]),
    ...section(2, [1, ...names('own'), ...names('memory'), 0x02, 0x00, ...leb(1)]),
    ...section(3, [1, 0]),
    ...section(7, [1, ...names('scan'), 0x00, 0]),
    ...section(10, [1, ...vector(scanBody())]),
  ])
}

function scanBody(): number[] {
  const rows = Array.from({ length: ROWS_AT_ONCE }, (_, row) => row)
  const step = [
    // question: int16, so twice as far on; the sum of both halves goes to the row’s four lanes
    ...rows.flatMap((row) => [
      ...get(sum(row)),
      ...[0, STEP / 2].flatMap((half, i) => [
        ...get(pointer(row)),
        ...get(AT),
        ...ADD,
        ...load8x8(half),
        ...get(QUESTION),
        ...get(AT),
        ...constant(1),
        ...SHIFT_LEFT,
        ...ADD,
        ...load128(half * 2),
        ...DOT,
        ...(i === 1 ? ADD_LANES : []),
      ]),
      ...ADD_LANES,
      ...set(sum(row)),
    ]),
    ...get(AT),
    ...constant(STEP),
    ...ADD,
    ...tee(AT),
    ...get(STRIDE),
    ...LESS,
    ...branchIf(0),
  ]
  const group = [
    ...rows.flatMap((row) => [
      ...(row === 0 ? get(OFFSET) : [...get(pointer(row - 1)), ...get(STRIDE), ...ADD]),
      ...set(pointer(row)),
      ...ZERO_LANES,
      ...set(sum(row)),
    ]),
    ...constant(0),
    ...set(AT),
    ...loop(step),
    ...rows.flatMap((row) => [
      ...get(OUT),
      ...[0, 1, 2, 3].flatMap((lane) => [...get(sum(row)), ...extractLane(lane), ...(lane > 0 ? ADD : [])]),
      ...store32(row * 4),
    ]),
    ...get(OUT),
    ...constant(ROWS_AT_ONCE * 4),
    ...ADD,
    ...set(OUT),
    ...get(pointer(ROWS_AT_ONCE - 1)),
    ...get(STRIDE),
    ...ADD,
    ...tee(OFFSET),
    ...get(ROWS_END),
    ...LESS,
    ...branchIf(0),
  ]
  return [
    ...vector([...[3 + ROWS_AT_ONCE, I32], ...[ROWS_AT_ONCE, V128]], 2),
    ...get(ROWS),
    ...tee(OFFSET),
    ...get(COUNT),
    ...get(STRIDE),
    ...MULTIPLY,
    ...ADD,
    ...set(ROWS_END),
    ...loop(group),
    END,
  ]
}

const get = (local: number) => [0x20, local]
const set = (local: number) => [0x21, local]
const tee = (local: number) => [0x22, local]
const constant = (value: number) => [0x41, ...leb(value)]
const ADD = [0x6a]
const MULTIPLY = [0x6c]
const SHIFT_LEFT = [0x74]
const LESS = [0x49]
const branchIf = (depth: number) => [0x0d, depth]
const loop = (body: number[]) => [0x03, 0x40, ...body, END]
const store32 = (offset: number) => [0x36, 2, ...leb(offset)]
const simd = (code: number, ...rest: number[]) => [0xfd, ...leb(code), ...rest]
const load128 = (offset: number) => simd(0x00, 4, ...leb(offset))
/** eight int8, widened to int16 */
const load8x8 = (offset: number) => simd(0x01, 3, ...leb(offset))
const ZERO_LANES = simd(0x0c, ...new Array<number>(16).fill(0))
const extractLane = (lane: number) => simd(0x1b, lane)
const ADD_LANES = simd(0xae)
/** eight products of int16, neighbours added: four int32 */
const DOT = simd(0xba)

/** @param each how many bytes one element has */
function vector(bytes: readonly number[], each = 1): number[] {
  return [...leb(bytes.length / each), ...bytes]
}

function section(id: number, bytes: readonly number[]): number[] {
  return [id, ...vector(bytes)]
}

/** LEB128; for the small numbers here the signed and the unsigned form are the same as long as bit 6 of the last byte is clear. */
function leb(value: number): number[] {
  const low = value & 0x7f
  const rest = value >> 7
  return rest === 0 && (low & 0x40) === 0 ? [low] : [low | 0x80, ...leb(rest)]
}
