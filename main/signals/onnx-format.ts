/**
 * A bounded walk over an ONNX file (protobuf wire format) before the runtime sees it. It decodes nothing but what the
 * checks need. Field numbers: onnx.proto of ONNX 1.16, messages ModelProto, GraphProto, NodeProto, AttributeProto,
 * TensorProto, SparseTensorProto; wire format: protobuf.dev/programming-guides/encoding.
 */
import { Failure } from '../errors.ts'

/** The standard operator sets; the empty name is the default domain `ai.onnx`. */
const DOMAINS = new Set(['', 'ai.onnx', 'ai.onnx.ml'])
const MAX_DEPTH = 16
const MAX_NODES = 200_000

export interface ModelSummary {
  /** Highest version of the default operator set that is imported. */
  readonly opset: number
  /** Operator types used, sorted. */
  readonly operators: readonly string[]
  readonly nodes: number
}

type Visit = (field: number, value: number, bytes: Uint8Array | undefined) => void

const refuse = (detail: string): never => {
  throw new Failure('model.untrusted', detail)
}

/**
 * Refuses what Assay does not run: tensors kept outside the file, operator sets other than the standard ones,
 * model-local functions, training parts, and anything that is not well-formed.
 * @throws Failure model.untrusted
 */
export function inspectModel(untrusted: Uint8Array): ModelSummary {
  const operators = new Set<string>()
  let opset = 0
  let nodes = 0
  let graphs = 0

  const text = (bytes: Uint8Array | undefined) => new TextDecoder().decode(bytes ?? refuse('A name is not text.'))
  const checkDomain = (domain: string) => {
    if (!DOMAINS.has(domain)) refuse(`It uses the operator set "${domain.slice(0, 100)}".`)
  }

  const tensor = (bytes: Uint8Array) =>
    walk(bytes, (field, value) => {
      if (field === 13 || (field === 14 && value !== 0)) refuse('It keeps tensor data outside the file.')
    })
  const sparse = (bytes: Uint8Array) =>
    walk(bytes, (field, _value, part) => {
      if ((field === 1 || field === 2) && part) tensor(part)
    })
  const attribute = (bytes: Uint8Array, depth: number) =>
    walk(bytes, (field, _value, part) => {
      if (!part) return
      if (field === 5 || field === 10) tensor(part)
      else if (field === 6 || field === 11) graph(part, depth + 1)
      else if (field === 22 || field === 23) sparse(part)
    })
  const node = (bytes: Uint8Array, depth: number) => {
    if (++nodes > MAX_NODES) refuse('It has too many nodes.')
    walk(bytes, (field, _value, part) => {
      if (field === 4) operators.add(text(part))
      else if (field === 7) checkDomain(text(part))
      else if (field === 5 && part) attribute(part, depth)
    })
  }
  const graph = (bytes: Uint8Array, depth: number) => {
    if (depth > MAX_DEPTH) refuse('Its graphs are nested too deeply.')
    graphs++
    walk(bytes, (field, _value, part) => {
      if (!part) return
      if (field === 1) node(part, depth)
      else if (field === 5) tensor(part)
      else if (field === 15) sparse(part)
    })
  }

  walk(untrusted, (field, _value, part) => {
    if (field === 7 && part) graph(part, 1)
    else if (field === 8 && part) {
      let domain = ''
      let version = 0
      walk(part, (inner, value, name) => {
        if (inner === 1) domain = text(name)
        else if (inner === 2) version = value
      })
      checkDomain(domain)
      if (domain === '' || domain === 'ai.onnx') opset = Math.max(opset, version)
    } else if (field === 20) refuse('It holds a training part.')
    else if (field === 25) refuse('It holds functions of its own.')
  })
  if (graphs === 0 || opset === 0) refuse('It is not an ONNX model.')
  return { opset, operators: [...operators].sort(), nodes }
}

/** Calls `visit` per field of one message: `value` for numbers, `bytes` for length-delimited fields. */
function walk(bytes: Uint8Array, visit: Visit): void {
  let at = 0
  const varint = (): number => {
    let value = 0
    for (let scale = 1, n = 0; n < 10; n++, scale *= 128) {
      const byte = bytes[at++]
      if (byte === undefined) return refuse('The file ends in the middle of a field.')
      value += (byte & 127) * scale
      if (byte < 128) return value
    }
    return refuse('A number in the file has no end.')
  }
  while (at < bytes.length) {
    const key = varint()
    const field = Math.floor(key / 8)
    const wire = key % 8
    if (field === 0) refuse('The file is not a protobuf message.')
    if (wire === 0) visit(field, varint(), undefined)
    else if (wire === 2) {
      const length = varint()
      if (length > bytes.length - at) refuse('The file ends in the middle of a field.')
      visit(field, 0, bytes.subarray(at, at + length))
      at += length
    } else if (wire === 1 || wire === 5) {
      at += wire === 1 ? 8 : 4
      if (at > bytes.length) refuse('The file ends in the middle of a field.')
      visit(field, 0, undefined)
    } else refuse('The file is not a protobuf message.')
  }
}
