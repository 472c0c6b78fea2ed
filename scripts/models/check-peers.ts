/** Runs converted models on the inputs that their conversion left beside them, and compares what comes out. */
import { readFile, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { readModel } from '../../main/signals/model-card.ts'
import { openModel } from '../../main/signals/onnx.ts'

/** Largest difference that float32 arithmetic in another order explains. */
const TOLERANCE = 1e-3

const folder = process.argv[2] ?? '.cache/peers'
const floats = async (path: string): Promise<Float32Array> => {
  const bytes = await readFile(path)
  return new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length))
}

for (const id of (await readdir(folder)).sort()) {
  const { card } = await readModel(folder, id)
  const runner = await openModel(folder, id)
  const data = await floats(join(folder, id, 'probe-input.f32'))
  const expected = await floats(join(folder, id, 'probe-output.f32'))
  const [input, output] = [card.inputs[0]!, card.outputs[0]!]
  const size = input.dims.slice(1).reduce<number>((product, d) => product * Number(d), 1)
  const dims = [data.length / size, ...input.dims.slice(1).map(Number)]
  const began = performance.now()
  const found = (await runner.run({ [input.name]: { data, dims } }))[output.name]!.data
  const each = (performance.now() - began) / dims[0]!
  const off = Math.max(...found.map((v, i) => Math.abs(v - expected[i]!)))
  const ok = found.length === expected.length && off <= TOLERANCE
  console.log(
    `${ok ? 'ok    ' : 'DIFFERS'} ${id}: largest difference ${off.toExponential(1)}, ${each.toFixed(0)} ms each`,
  )
  if (!ok) process.exitCode = 1
  await runner.close()
}
