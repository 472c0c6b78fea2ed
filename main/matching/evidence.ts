/** Frames of a new video that are like frames of known ones, by hash or by corners, and how much each says. */
import type { Hit } from './align.ts'
import { hashAt, indexedCorners, type Catalogue, type Place } from './catalogue.ts'
import type { Fingerprint, KeyFrame } from './fingerprint.ts'
import { compare } from './frame-pairs.ts'
import type { Placement } from './geometry.ts'
import { mirrorCorners } from './keypoints.ts'
import { LEAST_QUALITY } from './pdq.ts'
import { MATCHING } from './rules.ts'

export interface Evidence extends Hit {
  readonly video: number
  readonly placement: Placement | null
}

/** All evidence with the new video as it is or mirrored. */
export function evidenceFor(fresh: Fingerprint, known: Catalogue, mirrored: boolean): Evidence[] {
  const all = [...byHash(fresh, known, mirrored), ...byCorners(fresh, known, mirrored)]
  const sampled = fresh.keyFrames.map(({ time }) => time)
  return inSeconds(
    common(all, (video) => known.video(video).duration),
    sampled,
  )
}

/** Hash frames nearest to the key frames: looking up one a second finds as much as looking up all. */
function byHash(fresh: Fingerprint, known: Catalogue, mirrored: boolean): Evidence[] {
  const hits: Evidence[] = []
  const hashes = mirrored ? fresh.mirrored : fresh.hashes
  for (const { time } of fresh.keyFrames) {
    const at = nearest(fresh.times, time)
    if (at < 0 || fresh.quality[at]! < LEAST_QUALITY) continue
    for (const { video, at: there } of known.framesLike(hashAt(hashes, at), MATCHING.hashRadius))
      hits.push({
        fresh: time,
        known: known.video(video).times[there]! + (time - fresh.times[at]!),
        weight: 1,
        video,
        placement: null,
      })
  }
  return hits
}

function byCorners(fresh: Fingerprint, known: Catalogue, mirrored: boolean): Evidence[] {
  const hits: Evidence[] = []
  for (const { time, corners: seen } of fresh.keyFrames) {
    const corners = mirrored ? mirrorCorners(seen) : seen
    const promising = known

      .keyFramesLike(indexedCorners(corners), MATCHING.lookUpRadius)
      .filter(({ votes }) => votes >= MATCHING.votes)
      .sort((a, b) => b.votes - a.votes || a.place.video - b.place.video || a.place.at - b.place.at)
    for (const { place: there } of few(promising)) {
      const frame = keyFrame(known, there)
      const placed = compare(corners, frame.corners)
      if (!placed) continue
      hits.push({
        fresh: time,
        known: frame.time,
        weight: Math.min(1, placed.pairs.length / MATCHING.fullPairs),
        video: there.video,
        placement: placed.placement,
      })
    }
  }
  return hits
}

/** The first ones, and not all of them of one video: of a copy there may be another. */
function few<T extends { place: Place }>(promising: readonly T[]): T[] {
  const of = new Map<number, number>()
  const kept = promising.filter(({ place: { video } }) => {
    const count = (of.get(video) ?? 0) + 1
    of.set(video, count)
    return count <= MATCHING.comparedOfVideo
  })
  return kept.slice(0, MATCHING.compared)
}

const keyFrame = (known: Catalogue, { video, at }: Place): KeyFrame => known.video(video).keyFrames[at]!

/**
 * Frames that are like frames of many videos say little: an introduction, a test card. Videos of which most is in the new one
 * are copies and no such thing: they neither count nor count for less.
 */
function common(hits: readonly Evidence[], durationOf: (video: number) => number): Evidence[] {
  const seconds = new Map<number, Set<number>>()
  for (const { known, video } of hits) collect(seconds, video, Math.floor(known))
  const copies = new Set(
    [...seconds].filter(([video, seen]) => seen.size >= MATCHING.copy * durationOf(video)).map(([video]) => video),
  )
  const videos = new Map<number, Set<number>>()
  for (const { fresh, video } of hits) if (!copies.has(video)) collect(videos, fresh, video)
  return hits.map((hit) => {
    const many = copies.has(hit.video) ? 1 : videos.get(hit.fresh)!.size
    return many <= MATCHING.commonFrom ? hit : { ...hit, weight: hit.weight * (MATCHING.commonFrom / many) ** 3 }
  })
}

function collect(sets: Map<number, Set<number>>, key: number, value: number): void {
  const held = sets.get(key)
  if (held) held.add(value)
  else sets.set(key, new Set([value]))
}

/** Each key frame stands for the time to the next one, at most a second: short videos have more of them. */
function inSeconds(hits: readonly Evidence[], sampled: readonly number[]): Evidence[] {
  const seconds = new Map(sampled.map((time, i) => [time, Math.min(1, Math.max(0.4, (sampled[i + 1] ?? 0) - time))]))
  return hits.map((hit) => ({ ...hit, weight: hit.weight * (seconds.get(hit.fresh) ?? 1) }))
}

/** Place of the nearest number in an ascending list; -1 where it is empty. */
function nearest(sorted: Float32Array, value: number): number {
  let best = -1
  for (let i = 0; i < sorted.length; i++)
    if (best < 0 || Math.abs(sorted[i]! - value) < Math.abs(sorted[best]! - value)) best = i
    else if (sorted[i]! > value) break
  return best
}
