import { useQuery } from '@tanstack/react-query'
import { useEffect, useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Finding } from '../../../../main/contract/findings.ts'
import { api } from '../../../client.ts'
import { bytes, number, timeCode } from '../../../text/format.ts'
import type { Transport } from '../transport.ts'
import styles from './axis.module.css'
import { CanvasLane } from './canvas-lane.tsx'
import { drawPackets, drawStrip, drawWave } from './draw.ts'
import { Lane } from './lane.tsx'
import { shotsOf } from './shots.ts'
import type { View } from './view.ts'

interface Props {
  readonly evidenceId: string
  readonly view: View
}

export function FilmstripLane({ evidenceId, view }: Props) {
  const { t } = useTranslation()
  const strip = useQuery(api.media.filmstrip.queryOptions({ input: { evidenceId } })).data
  const image = useImage(strip?.url ?? null)
  const draw = useMemo(
    () =>
      strip && image
        ? drawStrip({ image, tileWidth: strip.tileWidth, tileHeight: strip.tileHeight, times: strip.times })
        : null,
    [strip, image],
  )
  if (!strip || !draw) return null
  return (
    <Lane label={t('axis.filmstrip')}>
      <CanvasLane draw={draw} view={view} height={44} alt={t('axis.filmstripAlt', { count: strip.tiles })} />
    </Lane>
  )
}

function useImage(url: string | null): HTMLImageElement | null {
  const [image, setImage] = useState<HTMLImageElement | null>(null)
  useEffect(() => {
    if (!url) return
    let wanted = true
    const loading = new Image()
    loading.src = url
    loading.decode().then(
      () => wanted && setImage(loading),
      () => wanted && setImage(null),
    )
    return () => {
      wanted = false
    }
  }, [url])
  return image
}

interface ShotProps {
  readonly findings: readonly Finding[]
  readonly view: View
  readonly transport: Transport
}

export function ShotLane({ findings, view, transport }: ShotProps) {
  const { t } = useTranslation()
  const shots = useMemo(() => shotsOf(findings.map((finding) => finding.output)), [findings])
  if (!shots.length) return null
  const share = (time: number): number =>
    ((Math.min(view.to, Math.max(view.from, time)) - view.from) / (view.to - view.from)) * 100
  return (
    <Lane label={t('axis.shots', { count: shots.length })}>
      <div className={styles.segments}>
        {shots.map(({ start, end }, i) =>
          end < view.from || start > view.to ? null : (
            <button
              key={start}
              type="button"
              className={styles.shot}
              style={{ left: `${share(start)}%`, width: `${share(end) - share(start)}%` }}
              aria-label={t('axis.shot', { number: i + 1, from: timeCode(start, 1), to: timeCode(end, 1) })}
              onPointerDown={(event) => event.stopPropagation()}
              onClick={() => transport.seek(start)}
            >
              <span>{i + 1}</span>
            </button>
          ),
        )}
      </div>
    </Lane>
  )
}

export function PacketLane({ evidenceId, view }: Props) {
  const { t } = useTranslation()
  const packets = useQuery(api.media.packets.queryOptions({ input: { evidenceId, limit: 20_000 } })).data
  const lane = useMemo(() => {
    if (!packets?.time.length) return null
    const origin = packets.time.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY)
    return drawPackets({ ...packets, time: packets.time.map((time) => time - origin) })
  }, [packets])
  if (!packets || !lane) return null
  const keys = packets.key.filter(Boolean).length
  const largest = packets.size.reduce((a, b) => Math.max(a, b), 0)
  const alt = t('axis.packetsAlt', { count: packets.total, keys: number(keys), largest: bytes(largest) })
  return (
    <Lane label={t('axis.packets')} note={t('axis.packetsNote', { keys: number(keys), largest: bytes(largest) })}>
      <CanvasLane draw={lane} view={view} height={44} alt={alt} />
    </Lane>
  )
}

export function WaveLane({ evidenceId, view }: Props) {
  const { t } = useTranslation()
  const wave = useQuery(api.media.waveform.queryOptions({ input: { evidenceId } })).data
  const draw = useMemo(() => (wave ? drawWave(wave.peaks, wave.bucketSeconds) : null), [wave])
  if (!wave || !draw) return null
  const peak = wave.peaks.reduce((a, b) => Math.max(a, b), 0)
  const level = peak > 0 ? `${number(20 * Math.log10(peak), 1)} dBFS` : t('axis.silence')
  return (
    <Lane label={t('axis.sound')} note={t('axis.peak', { level })}>
      <CanvasLane draw={draw} view={view} height={38} alt={t('axis.soundAlt', { level })} />
    </Lane>
  )
}
