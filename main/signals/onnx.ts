/** The ONNX runner; the only importer of onnxruntime-node. */

/** A verified model, ready to run inside a worker. One call at a time; inference blocks its event loop. */
export interface ModelRunner {
  readonly id: string
  readonly version: string
  readonly sha256: string
  /** Output tensors by name for the given input tensors. Shapes are the card's. @throws Failure model.failed */
  run(inputs: Record<string, { data: Float32Array | Uint8Array; dims: number[] }>): Promise<
    Record<string, { data: Float32Array; dims: readonly number[] }>
  >
}
