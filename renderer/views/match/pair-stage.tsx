import { useElementSize } from '@mantine/hooks'
import { useEffect, useState, type CSSProperties } from 'react'
import { useTranslation } from 'react-i18next'
import type { ComparedSegment, Difference } from '../../../main/contract/differences.ts'
import type { MatchPlacement, MatchSegment } from '../../../main/contract/matching.ts'
import { useTransport } from '../bench/use-transport.ts'
import { fit } from '../bench/zoom.ts'
import { Boxes, type Box } from './boxes.tsx'
import { HeatLayer } from './heat-layer.tsx'
import styles from './match.module.css'
import { segmentAt, type PairTransport } from './pair.ts'

export const MODES = ['side', 'wipe', 'blink', 'heat'] as const
export type Mode = (typeof MODES)[number]

/** A segment of the match, with what the comparison found out about it. */
export interface ShownSegment extends Pick<MatchSegment, 'from' | 'to' | 'knownFrom' | 'speed' | 'mirrored'> {
  readonly placement: MatchPlacement
  /** Number in the comparison; -1 where it was not compared. */
  readonly number: number
  readonly compared: ComparedSegment | null
}

interface Props {
  readonly transport: PairTransport
  readonly freshUrl: string
  readonly knownUrl: string
  readonly segments: readonly ShownSegment[]
  readonly differences: readonly Difference[]
  readonly active: Difference | null
  readonly mode: Mode
  /** Mirrored stretches are turned back. */
  readonly turned: boolean
  readonly wipe: number
  readonly onBroken: (which: 'fresh' | 'known') => void
}

const BLINK_MS = 600
const inside = ({ start, end }: { start: number; end: number }, time: number): boolean =>
  time >= start - 0.05 && time <= end + 0.05

/** Both pictures: beside each other, or the known one laid where it lies in the new one. */
export function PairStage({
  transport,
  freshUrl,
  knownUrl,
  segments,
  differences,
  active,
  mode,
  turned,
  wipe,
  onBroken,
}: Props) {
  // prettier-ignore
  const { t } = useTranslation()
  const { ref, width, height } = useElementSize<HTMLDivElement>()
  const [sizes, setSizes] = useState({ fresh: { width: 16, height: 9 }, known: { width: 16, height: 9 } })
  const at = useTransport(transport, ({ time }) => segments.indexOf(segmentAt(segments, time)!))
  const segment = segments[at]
  const shown = useTransport(transport, ({ time }) =>
    differences.flatMap(({ fresh }, i) => (inside(fresh, time) ? [i] : [])).join(' '),
  )
  const blinking = useBlink(mode === 'blink')
  const side = mode === 'side'
  const flip = turned && (segment?.mirrored ?? false)
  const room = side ? { width: (width - 12) / 2, height: height - 24 } : { width, height }
  const box = fit(sizes.fresh, { width: Math.max(40, room.width), height: Math.max(40, room.height) })
  const other = fit(sizes.known, { width: Math.max(40, room.width), height: Math.max(40, room.height) })
  const held = shown ? shown.split(' ').map((i) => differences[Number(i)]!) : []
  const place = segment?.placement

  // Where mirrored, placements are those of the turned picture: shown as it came, they lie on the other side.
  const laid: CSSProperties | undefined =
    side || !place
      ? undefined
      : {
          position: 'absolute',
          left: `${(segment.mirrored && !flip ? 1 - place.tx - place.sx : place.tx) * 100}%`,
          top: `${place.ty * 100}%`,
          width: `${place.sx * 100}%`,
          height: `${place.sy * 100}%`,
          transform: segment.mirrored && !flip ? 'scaleX(-1)' : undefined,
        }
  const covering = segment && (mode === 'wipe' || (mode === 'blink' && blinking))
  const placed = place && (Math.abs(place.sx - 1) > 0.02 || Math.abs(place.sy - 1) > 0.02)
  const freshBoxes: Box[] = [
    ...(placed && side ? [{ key: 'place', label: t('match.place'), kind: 'placement' as const, region: placementBox(place, segment.mirrored) }] : []),
    ...regions(held, active, 'freshRegion', (kind) => t(`match.differs.kinds.${kind}`)),
  ] // prettier-ignore
  const video = (which: 'fresh' | 'known') => (
    // Evidence has no caption track, and one must not be made up.
    // oxlint-disable-next-line jsx-a11y/media-has-caption
    <video
      ref={which === 'fresh' ? transport.attach : transport.attachFollower}
      className={styles.video}
      src={which === 'fresh' ? freshUrl : knownUrl}
      preload="auto"
      playsInline
      muted={which === 'known' || undefined}
      aria-label={t(`match.${which}Video`)}
      style={which === 'fresh' && flip ? { transform: 'scaleX(-1)' } : undefined}
      onLoadedMetadata={({ currentTarget: { videoWidth, videoHeight } }) => {
        if (videoWidth) setSizes((old) => ({ ...old, [which]: { width: videoWidth, height: videoHeight } }))
        if (which === 'fresh') transport.loaded()
        else transport.followerLoaded()
      }}
      onSeeked={which === 'known' ? transport.followerLoaded : undefined}
      onPlay={which === 'fresh' ? transport.played : undefined}
      onPause={which === 'fresh' ? transport.paused : undefined}
      onError={() => onBroken(which)}
    />
  )
  return (
    <div
      ref={ref}
      className={styles.stage}
      data-mode={mode}
      data-surround="dark"
      role="group"
      aria-label={t('match.stage')}
    >
      <figure className={styles.figure} style={{ inlineSize: box.width }}>
        <div className={styles.picture} style={{ width: box.width, height: box.height }}>
          {video('fresh')}
          {mode === 'heat' && segment?.compared ? (
            <HeatLayer transport={transport} segment={segment.compared} flip={segment.mirrored && !flip} />
          ) : null}
          {mode === 'blink' && blinking ? null : <Boxes boxes={freshBoxes} flipped={flip} />}
          {segment ? null : <p className={styles.outside}>{t('match.outside')}</p>}
        </div>
        {side ? <figcaption className={styles.caption}>{t('match.fresh')}</figcaption> : null}
      </figure>
      <figure
        className={styles.figure}
        data-over={!side || undefined}
        style={side ? { inlineSize: other.width } : { width: box.width, height: box.height, clipPath: mode === 'wipe' ? `inset(0 0 0 ${wipe * 100}%)` : undefined, visibility: covering ? 'visible' : 'hidden' }} // prettier-ignore
      >
        <div
          className={styles.picture}
          style={side ? { width: other.width, height: other.height } : { position: 'absolute', inset: 0 }}
        >
          {' '}
          {/* prettier-ignore */}
          <div className={styles.laid} style={laid}>
            {video('known')}
            {side ? (
              <Boxes boxes={regions(held, active, 'knownRegion', (kind) => t(`match.differs.kinds.${kind}`))} flipped={false} />
            ) : null}
          </div>
        </div>
        {side ? <figcaption className={styles.caption}>{t('match.known')}</figcaption> : null}
      </figure>
      {mode === 'wipe' ? (
        <div className={styles.wipeLine} style={{ blockSize: box.height, transform: `translateX(${(wipe - 0.5) * box.width}px)` }} aria-hidden="true" /> // prettier-ignore
      ) : null}
      {mode === 'heat' && !segments.some(({ compared }) => compared?.maps) ? (
        <p className={styles.note}>{t('match.heatNone')}</p>
      ) : null}
    </div>
  )
}

/** In the picture as it came. */
const placementBox = ({ sx, tx, sy, ty }: MatchPlacement, mirrored: boolean): Box['region'] => {
  const [left, top] = [Math.max(0, tx), Math.max(0, ty)]
  const [width, height] = [Math.min(1, tx + sx) - left, Math.min(1, ty + sy) - top]
  return { x: mirrored ? 1 - left - width : left, y: top, width, height }
}

const regions = (
  differences: readonly Difference[],
  active: Difference | null,
  which: 'freshRegion' | 'knownRegion',
  words: (kind: Difference['kind']) => string,
): Box[] =>
  differences.flatMap((difference, i) => {
    const region = difference[which]
    if (!region || difference.kind === 'borders' || difference.kind === 'cropped') return []
    return [{ key: `${i}`, label: words(difference.kind), region, kind: 'difference', active: difference === active }]
  })

function useBlink(on: boolean): boolean {
  const [state, setState] = useState(false)
  useEffect(() => {
    if (!on) return
    const timer = setInterval(() => setState((old) => !old), BLINK_MS)
    return () => clearInterval(timer)
  }, [on])
  return on && state
}
