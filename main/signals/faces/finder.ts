/** Finds faces with our own detector and follows them from frame to frame. */
import type { ModelRunner } from '../onnx.ts'
import { Detector, DETECTOR } from './detector.ts'
import type { FaceFinder } from './face.ts'
import { faceQuality } from './quality.ts'
import { SHOT_CHANGE, ShotChange } from './shot-change.ts'
import { Tracker, TRACKER } from './tracker.ts'

export const FINDER = {
  /** Faces returned per frame, the largest first chosen. */
  most: 8,
  /** Frames from one closer search of the whole picture to the next, where faces were found and where not. */
  searchWithFaces: 8,
  searchWithout: 4,
}

/** Every constant that shapes what is found, for the method appendix. */
export const FACE_PARAMETERS: Readonly<Record<string, number>> = Object.fromEntries(
  Object.entries({ detector: DETECTOR, tracker: TRACKER, finder: FINDER, shotChange: SHOT_CHANGE }).flatMap(
    ([group, values]) => Object.entries(values).map(([name, value]) => [`faces.${group}.${name}`, value]),
  ),
)

/** @throws Failure model.untrusted | model.failed */
export async function openFaceFinder(model: (id: string) => Promise<ModelRunner>): Promise<FaceFinder> {
  const detector = new Detector(await model('face-detector'))
  const tracker = new Tracker()
  const shots = new ShotChange()
  let sinceSearch = Number.POSITIVE_INFINITY
  let foundLast = false

  return {
    async find({ data, width, height, time }) {
      const picture = { data, width, height }
      const cut = shots.next(picture)
      if (cut) tracker.cut()
      sinceSearch++
      const search = cut || sinceSearch >= (foundLast ? FINDER.searchWithFaces : FINDER.searchWithout)
      if (search) sinceSearch = 0
      const found = (await detector.detect(picture, { search, expected: tracker.expected(time) }))
        .sort((a, b) => b.box.width * b.box.height - a.box.width * a.box.height)
        .slice(0, FINDER.most)
      foundLast = found.length > 0
      const tracks = tracker.assign(found, time)
      return found.map((face, i) => ({ ...face, track: tracks[i]!, quality: faceQuality(picture, face) }))
    },
  }
}
