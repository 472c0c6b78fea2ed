/** Looks the sound of one video up among the known ones. */
import type { Catalogue } from './catalogue.ts'
import { MATCHING } from './rules.ts'
import { alignSound, SOUND_MATCHING, type SoundStretch, type WordHit } from './sound-align.ts'
import { SOUND_PRINT, wordAt, type SoundPrint } from './sound-print.ts'

const { step: STEP, reach: REACH } = SOUND_PRINT

export interface SoundMatch extends SoundStretch {
  /** Number of the known video. */
  readonly video: number
  /** Seconds of sound in which both are heard and agree; those that many videos have count for less. */
  readonly support: number
}

/** Seconds of support of a match, at least. */
const SUPPORT = 2.5

/** @returns stretches of the new sound that known videos have too, in no particular order */
export function findSound(fresh: SoundPrint, known: Catalogue): SoundMatch[] {
  const hits = new Map<number, Map<number, WordHit[]>>()
  for (let step = 0; step < fresh.words.length; step += SOUND_MATCHING.lookUpStep) {
    if (fresh.flat[step]) continue
    for (let pitch = -REACH; pitch <= REACH; pitch++)
      known.wordsLike(wordAt(fresh, step, pitch), SOUND_MATCHING.radius, (video, there) => {
        let ofVideo = hits.get(video)
        if (!ofVideo) hits.set(video, (ofVideo = new Map<number, WordHit[]>()))
        const list = ofVideo.get(pitch)
        if (list) list.push({ step, known: there })
        else ofVideo.set(pitch, [{ step, known: there }])
      })
  }
  const found: (SoundStretch & { video: number })[] = []
  for (const [video, byPitch] of hits) {
    const stretches = [...byPitch].flatMap(([pitch, list]) => alignSound(fresh, known.video(video).sound, list, pitch))
    for (const stretch of best(stretches)) found.push({ video, ...stretch })
  }
  return weighed(found, known)
}

/** Of stretches over the same time, the one in which fewest bits are wrong: a neighbouring pitch is often found too. */
function best(stretches: readonly SoundStretch[]): SoundStretch[] {
  const kept: SoundStretch[] = []
  const worth = ({ steps, wrong }: SoundStretch): number => steps * (0.5 - wrong)
  for (const stretch of [...stretches].sort((a, b) => worth(b) - worth(a))) {
    const covered = kept.some(({ from, to }) => Math.min(to, stretch.to) - Math.max(from, stretch.from) > 0.5 * (stretch.to - stretch.from)) // prettier-ignore
    if (!covered) kept.push(stretch)
  }
  return kept
}

/**
 * Seconds of the known sound that stretches cover together, each once: cut and re-ordered it is still most of it, but a
 * jingle played three times is one jingle.
 */
function coveredBy(stretches: readonly SoundStretch[]): number {
  let [covered, until] = [0, -Infinity]
  for (const { from, to, knownFrom, speed } of [...stretches].sort((a, b) => a.knownFrom - b.knownFrom)) {
    const end = knownFrom + speed * (to - from)
    covered += Math.max(0, end - Math.max(knownFrom, until))
    until = Math.max(until, end)
  }
  return covered
}

/** Sound that many videos have says little about any of them, unless most of them is in the new one. */
function weighed(found: readonly (SoundStretch & { video: number })[], known: Catalogue): SoundMatch[] {
  const covered = new Map([...Map.groupBy(found, ({ video }) => video)].map(([video, own]) => [video, coveredBy(own)]))
  const isCopy = ({ video }: SoundStretch & { video: number }): boolean =>
    covered.get(video)! >= MATCHING.copy * STEP * known.video(video).sound.words.length
  const parts = found.filter((match) => !isCopy(match))
  const matches: SoundMatch[] = []
  for (const match of found) {
    let support = 0
    const length = Math.max(1, Math.round((match.to - match.from) / STEP))
    for (let i = 0; i < length; i++) {
      const at = match.from + (i + 0.5) * STEP
      const many = new Set(parts.filter(({ from, to }) => from <= at && to >= at).map(({ video }) => video)).size
      support += many <= MATCHING.commonFrom || isCopy(match) ? 1 : (MATCHING.commonFrom / many) ** 3
    }
    support *= (STEP * match.steps) / length
    if (support >= SUPPORT) matches.push({ ...match, support })
  }
  return matches
}
