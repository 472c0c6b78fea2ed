/**
 * Writes ONNX graphs. Message and field numbers are those of onnx.proto (ONNX 1.16); only what our graphs need is
 * declared. protobufjs writes fields in declaration order, so equal graphs give equal bytes.
 */
import protobuf from 'protobufjs'

const PROTO = `
syntax = "proto3";
message Tensor { repeated int64 dims = 1; int32 data_type = 2; string name = 8; bytes raw_data = 9; }
message Dimension { oneof value { int64 dim_value = 1; string dim_param = 2; } }
message Shape { repeated Dimension dim = 1; }
message TensorType { int32 elem_type = 1; Shape shape = 2; }
message Type { TensorType tensor_type = 1; }
message ValueInfo { string name = 1; Type type = 2; }
message Attribute {
  string name = 1; float f = 2; int64 i = 3; bytes s = 4; repeated float floats = 7; repeated int64 ints = 8; int32 type = 20;
}
message Node {
  repeated string input = 1; repeated string output = 2; string name = 3; string op_type = 4; repeated Attribute attribute = 5;
}
message Graph {
  repeated Node node = 1; string name = 2; repeated Tensor initializer = 5;
  repeated ValueInfo input = 11; repeated ValueInfo output = 12;
}
message OperatorSet { string domain = 1; int64 version = 2; }
message Model {
  int64 ir_version = 1; string producer_name = 2; string doc_string = 6; Graph graph = 7; repeated OperatorSet opset_import = 8;
}`
const Model = protobuf.parse(PROTO).root.lookupType('Model')

/** TensorProto.DataType. */
const TYPES = { float32: 1, uint8: 2, int64: 7 } as const
/** AttributeProto.AttributeType. */
const ATTRIBUTE = { int: 2, string: 3, ints: 7 } as const

type Dim = number | 'batch'
export type AttributeValue = number | string | readonly number[]

/** Collects nodes; every method returns the name of the value it made. Integer attributes only. */
export class GraphBuilder {
  readonly #nodes: object[] = []
  readonly #initializers: object[] = []
  readonly #inputs: object[] = []
  readonly #outputs: object[] = []
  #count = 0

  input(name: string, type: keyof typeof TYPES, dims: readonly Dim[]): string {
    this.#inputs.push(valueInfo(name, type, dims))
    return name
  }

  /** Names `value` as an output of the graph. */
  output(name: string, value: string, dims: readonly Dim[]): void {
    this.#nodes.push({ input: [value], output: [name], name, opType: 'Identity' })
    this.#outputs.push(valueInfo(name, 'float32', dims))
  }

  floats(values: readonly number[], dims: readonly number[]): string {
    return this.#tensor('float32', dims, new Uint8Array(Float32Array.from(values).buffer))
  }

  ints(values: readonly number[], dims: readonly number[] = [values.length]): string {
    return this.#tensor('int64', dims, new Uint8Array(BigInt64Array.from(values.map(BigInt)).buffer))
  }

  op(opType: string, inputs: readonly string[], attributes: Readonly<Record<string, AttributeValue>> = {}): string {
    const name = `${opType}_${this.#count++}`
    const attribute = Object.entries(attributes).map(([key, value]) => {
      if (typeof value === 'number') return { name: key, i: value, type: ATTRIBUTE.int }
      if (typeof value === 'string') return { name: key, s: new TextEncoder().encode(value), type: ATTRIBUTE.string }
      return { name: key, ints: [...value], type: ATTRIBUTE.ints }
    })
    this.#nodes.push({ input: [...inputs], output: [name], name, opType, attribute })
    return name
  }

  /** The model as a file. `irVersion` 8 goes with operator sets up to 17. */
  build(name: string, doc: string, opset: number): Uint8Array {
    const message = {
      irVersion: 8,
      producerName: 'assay',
      docString: doc,
      graph: {
        node: this.#nodes,
        name,
        initializer: this.#initializers,
        input: this.#inputs,
        output: this.#outputs,
      },
      opsetImport: [{ domain: '', version: opset }],
    }
    const problem = Model.verify(message)
    if (problem) throw new Error(problem)
    return Model.encode(Model.fromObject(message)).finish()
  }

  #tensor(type: keyof typeof TYPES, dims: readonly number[], rawData: Uint8Array): string {
    const name = `constant_${this.#count++}`
    this.#initializers.push({ dims: [...dims], dataType: TYPES[type], name, rawData })
    return name
  }
}

const valueInfo = (name: string, type: keyof typeof TYPES, dims: readonly Dim[]) => ({
  name,
  type: {
    tensorType: {
      elemType: TYPES[type],
      shape: { dim: dims.map((d) => (d === 'batch' ? { dimParam: 'batch' } : { dimValue: d })) },
    },
  },
})
