import type { Region } from '../../../main/contract/common.ts'
import styles from './bench.module.css'
import type { Transport } from './transport.ts'
import { useTransport } from './use-transport.ts'

export interface PlacedSegment {
  readonly key: string
  readonly signal: string
  readonly title: string
  readonly start: number
  readonly end: number
  readonly score: number
  readonly label: string
  readonly region?: Region
}

/** Boxes of the segments that hold at the playhead; fractions of the picture as it is displayed. */
export function RegionOverlay({
  transport,
  segments,
  scale,
}: {
  readonly transport: Transport
  readonly segments: readonly PlacedSegment[]
  readonly scale: number
}) {
  // A string, so that React draws again only when another set of boxes holds.
  const keys = useTransport(transport, ({ time }) =>
    segments
      .filter(({ region, start, end }) => region && time >= start - 0.0005 && time <= end)
      .map(({ key }) => key)
      .join(' '),
  )
  const active = new Set(keys.split(' '))
  return (
    <div className={styles.overlay} style={{ '--scale': scale }}>
      {segments.map(({ key, region, title, label }) =>
        region && active.has(key) ? (
          <div
            key={key}
            className={styles.region}
            style={{
              left: `${region.x * 100}%`,
              top: `${region.y * 100}%`,
              width: `${region.width * 100}%`,
              height: `${region.height * 100}%`,
            }}
          >
            <span className={styles.regionLabel}>
              {title}: {label}
            </span>
          </div>
        ) : null,
      )}
    </div>
  )
}
