/** Settings that x264 and x265 write into the stream, and whether the stream keeps to them. */
import type { GopStructure } from './gop.ts'

export interface EncoderSettings {
  /** `x264`, `x265`; empty where the encoder left no settings. */
  readonly encoder: string
  readonly keyint: number | null
  readonly minKeyint: number | null
  readonly bframes: number | null
  /** `crf 23`, `bitrate 800`, `constant quantiser 20`; empty where not stated. */
  readonly rate: string
}

/**
 * Reads the option list as MediaInfo gives it (`key=value / key=value`) or as it stands in the user data SEI
 * (`key=value key=value`). Unknown options are passed over.
 */
export function parseSettings(encoder: string, untrustedSettings: string): EncoderSettings {
  const options = new Map(
    untrustedSettings.split(/\s*\/\s*|\s+/u).flatMap((option): [string, string][] => {
      const match = /^([a-z0-9_-]{1,40})=([^=]{1,60})$/u.exec(option)
      return match ? [[match[1]!.replaceAll('_', '-'), match[2]!]] : []
    }),
  )
  const number = (key: string) => {
    const value = Number.parseFloat(options.get(key) ?? '')
    return Number.isFinite(value) ? value : null
  }
  const method = options.get('rc') ?? ''
  const rates: [string, string][] = [
    ['crf', 'crf'],
    ['cqp', 'constant quantiser'],
    ['qp', 'constant quantiser'],
    ['bitrate', 'bitrate'],
  ]
  const named = rates.find(
    ([key]) => key === method || (method !== '' && method !== 'crf' && key === 'bitrate' && options.has(key)),
  )
  const rate = [...(named ? [named] : []), ...rates].find(([key]) => number(key) !== null)
  return {
    encoder: /^x26[45]/u.exec(encoder)?.[0] ?? '',
    keyint: options.get('keyint') === 'infinite' ? Infinity : number('keyint'),
    minKeyint: number('keyint-min') ?? number('min-keyint'),
    bframes: number('bframes'),
    rate: rate ? `${rate[1]} ${number(rate[0])}${rate[0] === 'bitrate' ? ' kbit/s' : ''}` : '',
  }
}

/** What the stream does that its own settings exclude, in plain words. */
export function settingsMismatches(settings: EncoderSettings, gop: GopStructure): string[] {
  const found: string[] = []
  const { keyint, minKeyint, bframes } = settings
  // x264 may place a key frame one lookahead later only where it is told to; keyint is a hard limit (x264 --fullhelp).
  if (keyint !== null && keyint > 0 && gop.longest > keyint)
    found.push(`key frames stand up to ${gop.longest} frames apart, its settings allow ${keyint}`)
  const short = gop.intervals.filter((interval) => minKeyint !== null && interval < minKeyint).length
  if (minKeyint !== null && minKeyint > 1 && short > 0)
    found.push(
      `${short} key frame interval${short === 1 ? ' is' : 's are'} shorter than the ${minKeyint} frames its settings allow`,
    )
  if (bframes === 0 && gop.bidirectional > 0)
    found.push(`${gop.bidirectional} frames are bidirectional, its settings exclude them`)
  return found
}
