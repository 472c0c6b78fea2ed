/** What is said of differences. Careful words: a difference does not say which of the two was altered. */
import type { ComparedSegment, Difference } from '../../contract/differences.ts'

export const NOT_KNOWN = 'One of the two was altered there; which of them is not known from this.'

/** Percent, whole. */
const percent = (share: number): string => `${Math.round(100 * share)} %`

export const WORDS: Readonly<Record<Exclude<Difference['kind'], 'borders' | 'cropped'>, string>> = {
  face: 'Same footage, the face differs.',
  mouth: 'Same footage, only the mouth region of a face differs.',
  overlay: 'A fixed part differs: a logo, a caption or a cover was added, replaced or taken away.',
  part: 'A part of the picture differs.',
  everywhere: 'Differs nearly everywhere: not the same footage there, or changed as a whole.',
  sound: 'The pictures run together and the sound does not agree.',
}

export const bordersWords = (share: number): string =>
  `The known picture covers ${percent(share)} of the new one; the rest shows borders or another picture.`
export const croppedWords = (share: number): string =>
  `The new one shows ${percent(share)} of the known picture; the rest is cut off.`

const SAID: Readonly<Record<Difference['kind'], string>> = {
  face: 'the face differs',
  mouth: 'only the mouth region of a face differs',
  overlay: 'a logo, caption or cover differs',
  part: 'a part of the picture differs',
  everywhere: 'the pictures differ nearly everywhere',
  borders: 'there are borders or another picture around it',
  cropped: 'it is cropped',
  sound: 'the sound does not agree',
}

/** One sentence over everything. */
export function headline(differences: readonly Difference[], segments: readonly ComparedSegment[]): string {
  const compared = segments.filter(({ state }) => state === 'compared')
  if (!compared.length)
    return segments.length
      ? `Nothing could be compared. ${[...new Set(segments.map(({ reason }) => reason))].join(' ')}`
      : 'There is no shared stretch that is long enough to compare.'
  const kinds = new Set(differences.map(({ kind }) => kind))
  const everywhere = differences.filter(({ kind }) => kind === 'everywhere')
  if (everywhere.length && everywhere.length === compared.length)
    return 'The pictures differ nearly everywhere: this is not the same footage, or it was changed as a whole.'
  const content = ORDER.filter((kind) => kinds.has(kind)).map((kind) => SAID[kind])
  const shown = (['borders', 'cropped'] as const).filter((kind) => kinds.has(kind)).map((kind) => SAID[kind])
  const how = shown.length ? ` Shown otherwise: ${shown.join(', and ')}.` : ''
  if (!content.length)
    return `No difference beyond what compression explains was found. This does not make either of them unaltered.${how}`
  return `Same footage, and ${content.join('; ')}.${how} ${NOT_KNOWN}`
}

/** What weighs most, first. */
export const ORDER: readonly Difference['kind'][] = ['face', 'mouth', 'part', 'sound', 'everywhere', 'overlay']

/** What may mislead on this pair. */
export function failuresOf(facts: { noise: number; detail: number; moving: boolean; long: boolean }): string[] {
  return [
    ...(facts.noise > 2.4
      ? [
          'One of the two is heavily compressed: small or weak differences are hidden, and smeared detail may look like one.',
        ]
      : []),
    ...(facts.detail < 160
      ? ['The common picture is small: what is smaller than some 25 of its pixels is missed.']
      : []),
    ...(facts.moving
      ? ['The picture moves inside the other one (a zoom, a shaken copy): edges may look like differences.']
      : []),
    ...(facts.long
      ? ['A long stretch was looked at in parts only: what lasts for a few seconds between them is missed.']
      : []),
    'Grading of single regions, vignettes, film looks and animated overlays differ like an alteration does.',
  ]
}
