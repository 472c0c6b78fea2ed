/** Media times and places in media, as people type them and as addresses carry them. */
import type { Region, Support } from '../../../main/contract/common.ts'

/** `75`, `75.5`, `1:15.5`, `1:02:03` in seconds; null for anything else. */
export function parseTime(text: string): number | null {
  const parts = /^(?:(?:(\d+):)?(\d{1,2}):)?(\d+(?:[.,]\d+)?)$/.exec(text.trim())
  if (!parts) return null
  const [, hours = '0', minutes, seconds = '0'] = parts
  const rest = Number(seconds.replace(',', '.'))
  if (minutes !== undefined && rest >= 60) return null
  return Number(hours) * 3600 + Number(minutes ?? 0) * 60 + rest
}

export interface Place {
  readonly start: number
  readonly end: number | null
  readonly region: Region | null
}

/** A place for an address: `12.5-20@0.1,0.2,0.3,0.4`. */
export function placeText({ start = 0, end, region }: Pick<Support, 'start' | 'end' | 'region'>): string {
  const n = (value: number): string => String(Math.round(value * 10_000) / 10_000)
  const range = end === undefined ? n(start) : `${n(start)}-${n(end)}`
  return region ? `${range}@${[region.x, region.y, region.width, region.height].map(n).join(',')}` : range
}

/** The reverse; what is not understood begins at the beginning. */
export function parsePlace(text: string): Place {
  const parts = /^([\d.]+)(?:-([\d.]+))?(?:@([\d.]+),([\d.]+),([\d.]+),([\d.]+))?$/.exec(text)
  if (!parts) return { start: 0, end: null, region: null }
  const [start, end, x, y, width, height] = parts.slice(1).map((part) => (part === undefined ? null : Number(part)))
  const region = x != null && y != null && width != null && height != null ? { x, y, width, height } : null
  return { start: start ?? 0, end: end ?? null, region }
}

/** The address that opens exactly what a support points at; null where Assay holds no such thing. */
export function supportAddress(support: Support): string | null {
  if (support.evidenceId) {
    const placed = support.start !== undefined || support.region !== undefined
    return placed ? `/evidence/${support.evidenceId}/cited/${placeText(support)}` : `/evidence/${support.evidenceId}`
  }
  return support.sourceId ? `/records/${support.sourceId}` : null
}
