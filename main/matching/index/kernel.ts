/**
 * Comparison of one hash with many, in WebAssembly. The module is so small that its bytes are put together here
 * (WebAssembly Core Specification 2.0, chapter 5), instead of a compiler and a binary in the repository.
 *
 * Two functions, both `(…, count, radius) -> hits`:
 * - `scan(first, count, radius)` compares the query with `count` consecutive entries,
 * - `check(count, radius)` with the entries whose numbers stand in the candidate list.
 * Hits are written as pairs (entry, distance). Distances are counted with four `i64.popcnt`, which compile to one
 * instruction each on x64; `scanSimd` counts with `i8x16.popcnt` and is kept as the yardstick of the benchmark: on the
 * machine this was chosen on it takes 1.6 times as long where the hashes are in the first cache, and 1.2 to 1.6 times
 * where they are not.
 */

/** Entries that one call looks at, at most: the hits must fit. */
export const BLOCK = 65_536

/** Where things lie in the memory, in bytes. */
export const MEMORY = {
  query: 0,
  candidates: 1 << 16,
  hits: 1 << 19,
  hashes: 1 << 20,
  page: 1 << 16,
  /** 4 GiB, which is as far as 32-bit addresses reach. */
  pages: 1 << 16,
} as const

export interface Kernel {
  scan(first: number, count: number, radius: number): number
  scanSimd(first: number, count: number, radius: number): number
  check(count: number, radius: number): number
}

/** LEB128, for numbers that are not negative. */
function unsigned(value: number): number[] {
  const low = value & 0x7f
  const rest = value >>> 7
  return rest ? [low | 0x80, ...unsigned(rest)] : [low]
}
/** Signed LEB128 of a number that is not negative: bit 6 of the last byte is its sign and must stay clear. */
function signed(value: number): number[] {
  return value < 0x40 ? [value] : [(value & 0x7f) | 0x80, ...signed(value >>> 7)]
}
const list = (items: readonly number[][]): number[] => [...unsigned(items.length), ...items.flat()]
const text = (value: string): number[] => [...unsigned(value.length), ...Buffer.from(value)]
const section = (id: number, body: number[]): number[] => [id, ...unsigned(body.length), ...body]

const I32 = 0x7f
const I64 = 0x7e
const V128 = 0x7b
const get = (local: number): number[] => [0x20, local]
const set = (local: number): number[] => [0x21, local]
const tee = (local: number): number[] => [0x22, local]
const i32 = (value: number): number[] => [0x41, ...signed(value)]
/** The first byte after the opcode is the alignment, as a power of two. */
const loadI32 = (offset: number): number[] => [0x28, 2, ...unsigned(offset)]
const loadI64 = (offset: number): number[] => [0x29, 3, ...unsigned(offset)]
const storeI32 = (offset: number): number[] => [0x36, 2, ...unsigned(offset)]
const simd = (opcode: number, ...immediate: number[]): number[] => [0xfd, ...unsigned(opcode), ...immediate]
const loadV128 = (offset: number): number[] => simd(0, 4, ...unsigned(offset))
const ADD = 0x6a
const SHIFT_LEFT = 0x74
const SHIFT_RIGHT = 0x76
const LESS = 0x49
const NOT_OVER = 0x4d
const LOOP = [0x03, 0x40]
const IF = [0x04, 0x40]
const AGAIN_IF = [0x0d, 0]
const END = 0x0b
const [I64_ADD, I64_XOR, I64_POPCNT, I64_MULTIPLY, I64_SHIFT_RIGHT, I64_TO_I32] = [0x7c, 0x85, 0x7b, 0x7e, 0x88, 0xa7]

// Locals. The first three are the parameters; `check` leaves the first one 0 and reads its list with it.
const [AT, COUNT, RADIUS, END_AT, HITS, ADDRESS, DISTANCE, QUERY] = [0, 1, 2, 3, 4, 5, 6, 7] as const

/** How a distance is counted: locals beside the common ones, the query into them, and the count onto the stack. */
interface Counting {
  readonly locals: number[][]
  readonly load: number[]
  readonly distance: number[]
}

const QUARTERS = [0, 1, 2, 3]
const scalar: Counting = {
  locals: [[4, I64]],
  load: QUARTERS.flatMap((k) => [...i32(MEMORY.query), ...loadI64(8 * k), ...set(QUERY + k)]),
  distance: [
    ...QUARTERS.flatMap((k) => [
      ...get(ADDRESS), ...loadI64(MEMORY.hashes + 8 * k), ...get(QUERY + k), I64_XOR, I64_POPCNT,
      ...(k ? [I64_ADD] : []),
    ]),
    I64_TO_I32,
  ],
} // prettier-ignore

const XOR = simd(0x51)
const POPCNT_BYTES = simd(0x62)
const half = (k: number): number[] => [
  ...get(ADDRESS), ...loadV128(MEMORY.hashes + 16 * k), ...get(QUERY + k), ...XOR, ...POPCNT_BYTES,
] // prettier-ignore
const SUM = QUERY + 2
const vector: Counting = {
  locals: [[3, V128]],
  load: [0, 1].flatMap((k) => [...i32(MEMORY.query), ...loadV128(16 * k), ...set(QUERY + k)]),
  distance: [
    // i8x16.add, then i16x8.extadd_pairwise_i8x16_u: eight sums of at most 32.
    ...half(0), ...half(1), ...simd(0x6e), ...simd(0x7d), ...set(SUM),
    // The two halves added are four sums; times 0x0001000100010001 their total (at most 256) stands in the top 16 bits.
    ...get(SUM), ...simd(0x1d, 0), ...get(SUM), ...simd(0x1d, 1), I64_ADD,
    0x42, 0x81, 0x80, 0x84, 0x80, 0x90, 0x80, 0xc0, 0x00, I64_MULTIPLY, 0x42, 48, I64_SHIFT_RIGHT, I64_TO_I32,
  ],
} // prettier-ignore

/** One loop over consecutive entries, or over the entries in the candidate list. The count must not be 0. */
function body(over: 'entries' | 'candidates', counting: Counting): number[] {
  const entries = over === 'entries'
  const step = entries ? 1 : 4
  const code = [
    ...counting.load,
    ...get(AT), ...get(COUNT), ...(entries ? [] : [...i32(2), SHIFT_LEFT]), ADD, ...set(END_AT),
    ...LOOP,
    ...get(AT), ...(entries ? [] : loadI32(MEMORY.candidates)), ...i32(5), SHIFT_LEFT, ...set(ADDRESS),
    ...counting.distance, ...tee(DISTANCE), ...get(RADIUS), NOT_OVER,
    ...IF,
    ...get(HITS), ...get(ADDRESS), ...i32(5), SHIFT_RIGHT, ...storeI32(MEMORY.hits),
    ...get(HITS), ...get(DISTANCE), ...storeI32(MEMORY.hits + 4),
    ...get(HITS), ...i32(8), ADD, ...set(HITS),
    END,
    ...get(AT), ...i32(step), ADD, ...tee(AT), ...get(END_AT), LESS, ...AGAIN_IF,
    END,
    ...get(HITS), ...i32(3), SHIFT_RIGHT,
    END,
  ] // prettier-ignore
  const whole = [...list([[4, I32], ...counting.locals]), ...code]
  return [...unsigned(whole.length), ...whole]
}

const MAGIC_AND_VERSION = [0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0]

function moduleBytes(): Uint8Array<ArrayBuffer> {
  const functions = {
    scan: body('entries', scalar),
    scanSimd: body('entries', vector),
    check: body('candidates', scalar),
  }
  const names = Object.keys(functions)
  return new Uint8Array([
    ...MAGIC_AND_VERSION,
    // One type: three numbers in, one out.
    ...section(1, list([[0x60, ...list([[I32], [I32], [I32]]), ...list([[I32]])]])),
    // The memory is imported, with its least and most pages.
    ...section(2, list([[...text('host'), ...text('memory'), 2, 1, ...unsigned(1), ...unsigned(MEMORY.pages)]])),
    ...section(3, list(names.map(() => [0]))),
    ...section(7, list(names.map((name, at) => [...text(name), 0, at]))),
    ...section(10, list(Object.values(functions))),
  ])
}

/** What is used of WebAssembly here: its types come with a browser's, which this side of the program does without. */
interface Engine {
  readonly Memory: new (limits: { initial: number; maximum: number }) => KernelMemory
  readonly Module: new (bytes: Uint8Array) => object
  readonly Instance: new (module: object, imports: object) => { readonly exports: Record<string, Call> }
}
export interface KernelMemory {
  /** Another one after every growth. */
  readonly buffer: ArrayBuffer
  grow(pages: number): number
}
type Call = (a: number, b: number, c: number) => number
const { WebAssembly } = globalThis as unknown as { readonly WebAssembly: Engine }

/** Memory for the scratch space and no hash yet. */
export function kernelMemory(): KernelMemory {
  return new WebAssembly.Memory({ initial: MEMORY.hashes / MEMORY.page, maximum: MEMORY.pages })
}

let compiled: object | undefined

/** The functions over one memory. */
export function kernelOver(memory: KernelMemory): Kernel {
  compiled ??= new WebAssembly.Module(moduleBytes())
  const { scan, scanSimd, check } = new WebAssembly.Instance(compiled, { host: { memory } }).exports
  return {
    scan: (first, count, radius) => (count ? scan!(first, count, radius) : 0),
    scanSimd: (first, count, radius) => (count ? scanSimd!(first, count, radius) : 0),
    check: (count, radius) => (count ? check!(0, count, radius) : 0),
  }
}
