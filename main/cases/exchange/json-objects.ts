/**
 * Reads a bundle from a stranger: a JSON object with one array of objects in it, taken apart without ever building the
 * whole of it in memory. Bytes are walked once; what nests too deep, holds too many objects or is too long is refused
 * before anything is parsed, and each object is parsed by itself.
 */
import { Failure } from '../../errors.ts'

export interface BundleLimits {
  /** Bytes of the file. */
  readonly bytes: number
  /** Objects and arrays inside one another, the outermost being 1. */
  readonly depth: number
  /** Elements of the array. */
  readonly objects: number
  /** Bytes of one element. */
  readonly objectBytes: number
}

export const LIMITS: BundleLimits = { bytes: 64 * 2 ** 20, depth: 64, objects: 100_000, objectBytes: 4 * 2 ** 20 }

/** Where the elements of the array stand in the file, and the text of everything else. */
export interface BundleParts {
  /** Offsets: start, end, start, end, … A typed array: 100,000 objects would cost ten times as much. */
  readonly spans: Uint32Array
  /** The envelope with an empty array in the place of the objects. */
  readonly envelope: Record<string, unknown>
}

const QUOTE = 0x22
const BACKSLASH = 0x5c
const OPEN = new Set([0x7b, 0x5b])
const CLOSE = new Set([0x7d, 0x5d])
const BRACE = 0x7b
const BRACKET = 0x5b

/**
 * Finds the elements of the array at `path` (keys from the outermost object; empty where the file is itself an array).
 *
 * @throws Failure exchange.limit | exchange.unreadable
 */
export function bundleParts(bytes: Uint8Array, path: readonly string[], limits: BundleLimits = LIMITS): BundleParts {
  if (bytes.length > limits.bytes)
    throw new Failure('exchange.limit', `It has ${bytes.length} bytes; ${limits.bytes} are allowed.`)
  const spans: number[] = []
  /** For each open container: the key at which it stands in its parent, and whether it is on the way to the array. */
  const stack: { array: boolean; onPath: boolean }[] = []
  let key = ''
  let afterKey = false
  let arrayDepth = -1
  let arraySpan: readonly [number, number] | null = null
  let start = -1
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at]!
    if (byte === QUOTE) {
      const end = stringEnd(bytes, at)
      const parent = stack.at(-1)
      // A key is a string followed by a colon; only those on the way to the array matter.
      if (parent && !parent.array && parent.onPath && arrayDepth < 0 && !afterKey) {
        key = textOf(bytes, at, end + 1) as string
        afterKey = true
      }
      at = end
    } else if (OPEN.has(byte)) {
      const wanted = path[stack.length - 1]
      const parent = stack.at(-1)
      const onPath = stack.length === 0 || (parent!.onPath && !parent!.array && afterKey && key === wanted)
      afterKey = false
      stack.push({ array: byte === BRACKET, onPath })
      if (stack.length > limits.depth)
        throw new Failure('exchange.limit', `It nests more than ${limits.depth} levels deep.`)
      if (arrayDepth < 0 && onPath && stack.length === path.length + 1 && byte === BRACKET) {
        if (arraySpan) throw new Failure('exchange.unreadable', `It has “${path.at(-1)}” twice.`)
        arrayDepth = stack.length
        arraySpan = [at, -1]
      } else if (arrayDepth > 0 && stack.length === arrayDepth + 1) {
        if (byte !== BRACE) throw new Failure('exchange.unreadable', 'Among its objects is something that is none.')
        start = at
      }
    } else if (CLOSE.has(byte)) {
      if (arrayDepth > 0 && stack.length === arrayDepth + 1) {
        if (at + 1 - start > limits.objectBytes)
          throw new Failure('exchange.limit', `One of its objects has more than ${limits.objectBytes} bytes.`)
        spans.push(start, at + 1)
        if (spans.length > 2 * limits.objects)
          throw new Failure('exchange.limit', `It has more than ${limits.objects} objects.`)
      } else if (arrayDepth > 0 && stack.length === arrayDepth) {
        arraySpan = [arraySpan![0], at + 1]
        arrayDepth = -1
      }
      if (!stack.pop()) break
    } else if (byte === 0x2c) afterKey = false
  }
  if (stack.length) throw new Failure('exchange.unreadable', 'It ends in the middle.')
  const [from, to] = arraySpan ?? [0, 0]
  const rest = arraySpan
    ? Buffer.concat([bytes.subarray(0, from), Buffer.from('[]'), bytes.subarray(to)])
    : Buffer.from(bytes)
  if (rest.length > limits.objectBytes)
    throw new Failure('exchange.limit', `What stands around its objects has more than ${limits.objectBytes} bytes.`)
  const envelope = textOf(rest, 0, rest.length)
  const isObject = envelope !== null && typeof envelope === 'object'
  if (!isObject || !arraySpan) throw new Failure('exchange.unreadable', 'It holds no list of objects.')
  checkSeparators(bytes, spans, from, to)
  return { spans: Uint32Array.from(spans), envelope: (Array.isArray(envelope) ? {} : plain(envelope)) as never }
}

/** Between the objects stand single commas and white space, nothing else: `JSON.parse` sees each object alone. */
function checkSeparators(bytes: Uint8Array, spans: readonly number[], from: number, to: number): void {
  let at = from + 1
  for (let n = 0; n <= spans.length; n += 2) {
    const until = n < spans.length ? spans[n]! : to - 1
    let commas = 0
    for (; at < until; at++) {
      const byte = bytes[at]!
      if (byte === 0x2c) commas++
      else if (byte !== 0x20 && byte !== 0x0a && byte !== 0x0d && byte !== 0x09)
        throw new Failure('exchange.unreadable', 'Among its objects is something that is none.')
    }
    const wanted = n > 0 && n < spans.length ? 1 : 0
    if (commas !== wanted) throw new Failure('exchange.unreadable', 'Its objects are not separated by single commas.')
    at = n < spans.length ? spans[n + 1]! : to
  }
}

/** Index of the quote that ends the string which begins at `at`. */
function stringEnd(bytes: Uint8Array, at: number): number {
  for (let end = at + 1; end < bytes.length; end++) {
    if (bytes[end] === BACKSLASH) end++
    else if (bytes[end] === QUOTE) return end
  }
  throw new Failure('exchange.unreadable', 'It ends in the middle of a text.')
}

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: false })

function textOf(bytes: Uint8Array, start: number, end: number): unknown {
  try {
    return JSON.parse(decoder.decode(bytes.subarray(start, end)))
  } catch (error) {
    throw new Failure('exchange.unreadable', `It is not valid JSON near byte ${start}.`, { cause: error })
  }
}

/** How many objects there are. */
export const countOf = ({ spans }: BundleParts): number => spans.length / 2

/** One object, parsed; names that JavaScript gives a meaning to are gone from it. @throws Failure exchange.unreadable */
export const objectAt = (bytes: Uint8Array, { spans }: BundleParts, place: number): Record<string, unknown> =>
  plain(textOf(bytes, spans[2 * place]!, spans[2 * place + 1]!)) as Record<string, unknown>

const SPECIAL = new Set(['__proto__', 'constructor', 'prototype'])

/** The value without the names that could reach an object's prototype. */
function plain(untrusted: unknown): unknown {
  if (untrusted === null || typeof untrusted !== 'object') return untrusted
  if (Array.isArray(untrusted)) {
    for (let n = 0; n < untrusted.length; n++) untrusted[n] = plain(untrusted[n])
    return untrusted
  }
  const value = untrusted as Record<string, unknown>
  for (const name of Object.keys(value)) {
    if (SPECIAL.has(name)) delete value[name]
    else value[name] = plain(value[name])
  }
  return value
}
