/** Which signals run a model, told by their parameters: every signal names the models it runs there. */
import { SIGNALS } from '../list.ts'
import type { ModelCard } from '../model-card.ts'

/** Models that find and align faces, for every signal that asks for faces. */
const FACE_MODELS = new Set(['face-detector', 'face-landmarks'])

export function signalsUsing(id: string, card: ModelCard | null): string[] {
  const named = SIGNALS.filter(
    (signal) => Object.values(signal.parameters).includes(id) || (signal.needsFaces === true && FACE_MODELS.has(id)),
  ).map((signal) => signal.id)
  return card?.classifier && named.length === 0 ? [`model:${id}`] : named
}
