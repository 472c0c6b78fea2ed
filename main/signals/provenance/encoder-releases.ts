/** When the software that wrote a file came into being: lower bounds for the date of the writing. */

interface Branch {
  readonly release: string
  /** libavformat major and minor version at the cut. */
  readonly version: readonly [major: number, minor: number]
  /** Day on which the release branch was cut from the development line. */
  readonly cut: string
}

/**
 * FFmpeg's own release pages state for every branch the day of its cut and its library versions (ffmpeg.org/download.html
 * and ffmpeg.org/olddownload.html: "… release branch, which was cut from master on …"). Branches not listed are only
 * missed chances: the bound stays valid without them.
 */
const LAVF_BRANCHES: readonly Branch[] = [
  { release: '1.0', version: [54, 29], cut: '2012-09-28' },
  { release: '1.2', version: [54, 63], cut: '2013-03-07' },
  { release: '2.1', version: [55, 19], cut: '2013-10-28' },
  { release: '2.2', version: [55, 33], cut: '2014-03-01' },
  { release: '2.4', version: [56, 4], cut: '2014-09-14' },
  { release: '2.5', version: [56, 15], cut: '2014-12-15' },
  { release: '2.6', version: [56, 25], cut: '2015-03-06' },
  { release: '2.8', version: [56, 40], cut: '2015-09-05' },
  { release: '3.4', version: [57, 83], cut: '2017-10-11' },
  { release: '4.1', version: [58, 20], cut: '2018-11-02' },
  { release: '4.2', version: [58, 29], cut: '2019-07-21' },
  { release: '4.3', version: [58, 45], cut: '2020-06-08' },
  { release: '4.4', version: [58, 76], cut: '2021-04-08' },
  { release: '5.0', version: [59, 16], cut: '2022-01-04' },
  { release: '5.1', version: [59, 27], cut: '2022-07-13' },
  { release: '6.0', version: [60, 3], cut: '2023-02-19' },
  { release: '6.1', version: [60, 16], cut: '2023-10-29' },
  { release: '7.0', version: [61, 1], cut: '2024-03-27' },
  { release: '7.1', version: [61, 7], cut: '2024-09-24' },
  { release: '8.0', version: [62, 3], cut: '2025-08-09' },
]

export interface EarliestWriting {
  readonly software: string
  /** The file cannot have been written by this software before this moment, ms since 1970. */
  readonly at: number
  readonly reference: string
}

/**
 * The minor version only rises on the development line, and stays as it is on a release branch. A version above that of
 * a branch was therefore made after that branch was cut; one that equals it may be some weeks older than the cut.
 */
export function lavfEarliest(text: string): EarliestWriting | null {
  const match = /\bLavf(\d{2})\.(\d{1,3})\.(\d{3})\b/u.exec(text)
  if (!match) return null
  const [major, minor] = [Number(match[1]), Number(match[2])]
  const below = LAVF_BRANCHES.findLast(
    ({ version }) => version[0] < major || (version[0] === major && version[1] < minor),
  )
  return below
    ? {
        software: `FFmpeg ${match[0]}`,
        at: Date.parse(`${below.cut}T00:00:00Z`),
        reference: `ffmpeg.org/download.html: branch ${below.release} with libavformat ${below.version.join('.')} was cut on ${below.cut}`,
      }
    : null
}

/**
 * x264 writes the years of its copyright line into the stream ("Copyleft 2003-2018"): the build cannot be older than
 * the second year (x264, encoder/set.c, x264_sei_version_write).
 */
export function x264Earliest(text: string): EarliestWriting | null {
  const match = /x264 - core (\d{1,4})[^\n]{0,80}?Copyleft 2003-(20\d{2})/u.exec(text)
  return match
    ? {
        software: `x264 core ${match[1]}`,
        at: Date.UTC(Number(match[2]), 0, 1),
        reference: `x264's own copyright line in the stream: "Copyleft 2003-${match[2]}"`,
      }
    : null
}

/** First public release of each iOS (Apple newsroom) and Android (Android Open Source Project) version. */
const SYSTEM_RELEASES: Readonly<Record<'iOS' | 'Android', Readonly<Record<number, string>>>> = {
  iOS: {
    11: '2017-09-19',
    12: '2018-09-17',
    13: '2019-09-19',
    14: '2020-09-16',
    15: '2021-09-20',
    16: '2022-09-12',
    17: '2023-09-18',
    18: '2024-09-16',
  },
  Android: {
    8: '2017-08-21',
    9: '2018-08-06',
    10: '2019-09-03',
    11: '2020-09-08',
    12: '2021-10-04',
    13: '2022-08-15',
    14: '2023-10-04',
    15: '2024-09-03',
  },
}
/** Public test versions come up to eight months before the release (Android 12: preview in February, release in October). */
const PREVIEW_DAYS = 250

/** Lower bound for a recording that a phone's own tags say was made under this system version. */
export function systemEarliest(system: 'iOS' | 'Android', version: string): EarliestWriting | null {
  const major = Number(/^\d{1,2}/u.exec(version)?.[0])
  const released = SYSTEM_RELEASES[system][major]
  return released
    ? {
        software: `${system} ${major}`,
        at: Date.parse(`${released}T00:00:00Z`) - PREVIEW_DAYS * 86_400_000,
        reference: `${system} ${major} was released on ${released}; test versions up to ${PREVIEW_DAYS} days earlier are allowed for`,
      }
    : null
}
