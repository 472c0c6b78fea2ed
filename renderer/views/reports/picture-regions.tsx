import { Button, Select, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState, type PointerEvent } from 'react'
import { useTranslation } from 'react-i18next'
import type { Region } from '../../../main/contract/common.ts'
import type { RedactedRegion } from '../../../main/contract/redaction.ts'
import type { ReportOptions, ReportPicture } from '../../../main/contract/reports.ts'
import { api } from '../../client.ts'
import { Loaded } from '../../components/loaded.tsx'
import styles from './report.module.css'

interface Props {
  readonly options: ReportOptions
  readonly regions: readonly RedactedRegion[]
  readonly onChange: (regions: RedactedRegion[]) => void
}

/** Parts of pictures to cover, drawn on the pictures that the report shows. */
export function PictureRegions({ options, regions, onChange }: Props) {
  const { t } = useTranslation()
  // Not what is withheld: the pictures are those before anything in them is covered, and stay while one draws on them.
  const { caseId, tlp, omit } = options
  const pictures = useQuery(api.reports.pictures.queryOptions({ input: { caseId, tlp, omit }, retry: false }))
  return (
    <fieldset className={styles.sections}>
      <legend>{t('reporting.redaction.regions')}</legend>
      <Loaded query={pictures}>
        {(all) =>
          all.length ? (
            <Chooser pictures={all} regions={regions} onChange={onChange} />
          ) : (
            <p className={styles.dim}>{t('reporting.redaction.noPictures')}</p>
          )
        }
      </Loaded>
    </fieldset>
  )
}

function Chooser({
  pictures,
  regions,
  onChange,
}: {
  readonly pictures: readonly ReportPicture[]
  readonly regions: readonly RedactedRegion[]
  readonly onChange: (regions: RedactedRegion[]) => void
}) {
  const { t } = useTranslation()
  const [chosen, setChosen] = useState(pictures[0]!.sha256)
  const picture = pictures.find(({ sha256 }) => sha256 === chosen) ?? pictures[0]!
  const own = regions.filter((region) => region.picture === picture.sha256)
  const others = regions.filter((region) => region.picture !== picture.sha256)
  const setOwn = (next: RedactedRegion[]): void => onChange([...others, ...next])
  const count = (sha256: string): number => regions.filter((region) => region.picture === sha256).length
  return (
    <>
      <Select
        label={t('reporting.redaction.picture')}
        data={pictures.map(({ sha256, item, caption }, place) => ({
          value: sha256,
          label: `${place + 1}. ${item}: ${caption}`.slice(0, 140) + (count(sha256) ? ` (${count(sha256)})` : ''),
        }))}
        value={picture.sha256}
        onChange={(value) => value && setChosen(value)}
        allowDeselect={false}
        searchable
      />
      <Surface
        key={picture.sha256}
        picture={picture}
        regions={own.map(({ region }) => region)}
        onDraw={(region) => setOwn([...own, { picture: picture.sha256, region, reason: '' }])}
        onMove={(region) => setOwn(own.map((one, place) => (place === own.length - 1 ? { ...one, region } : one)))}
      />
      {own.map((one, place) => (
        // A region has no id of its own; its place is what the list is changed by.
        // oxlint-disable-next-line react/no-array-index-key
        <div key={place} className={styles.regionRow}>
          <span>{t('reporting.redaction.region', { n: place + 1 })}</span>
          <TextInput
            className={styles.grow}
            aria-label={t('reporting.redaction.regionWhy', { n: place + 1 })}
            placeholder={t('reporting.redaction.why')}
            value={one.reason}
            onChange={(event) => {
              const reason = event.currentTarget.value
              setOwn(own.map((other, at) => (at === place ? { ...other, reason } : other)))
            }}
            maxLength={500}
            dir="auto"
          />
          <Button
            variant="default"
            size="compact-sm"
            aria-label={t('reporting.redaction.removeRegion', { n: place + 1 })}
            onClick={() => setOwn(own.filter((_, at) => at !== place))}
          >
            {t('reporting.redaction.remove')}
          </Button>
        </div>
      ))}
    </>
  )
}

const STEPS: Readonly<Record<string, readonly [number, number]>> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
}
const LEAST = 0.01

interface SurfaceProps {
  readonly picture: ReportPicture
  readonly regions: readonly Region[]
  readonly onDraw: (region: Region) => void
  /** Of the region that was drawn last. */
  readonly onMove: (region: Region) => void
}

/** Draws rectangles by pointer; Enter makes one, arrows move the last, with Shift they size it. */
function Surface({ picture, regions, onDraw, onMove }: SurfaceProps) {
  const { t } = useTranslation()
  const [from, setFrom] = useState<{ x: number; y: number } | null>(null)
  const [draft, setDraft] = useState<Region | null>(null)
  const clamp = (share: number, most = 1, least = 0): number => Math.min(most, Math.max(least, share))
  const pointOf = (event: PointerEvent<HTMLElement>): { x: number; y: number } => {
    const box = event.currentTarget.getBoundingClientRect()
    return { x: clamp((event.clientX - box.left) / box.width), y: clamp((event.clientY - box.top) / box.height) }
  }
  const last = regions.at(-1)
  const nudge = (dx: number, dy: number, sizing: boolean): void => {
    if (!last) return
    onMove(
      sizing
        ? {
            ...last,
            width: clamp(last.width + dx, 1 - last.x, 0.02),
            height: clamp(last.height + dy, 1 - last.y, 0.02),
          }
        : { ...last, x: clamp(last.x + dx, 1 - last.width), y: clamp(last.y + dy, 1 - last.height) },
    )
  }
  return (
    <>
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- drawn on, by pointer and by keys */}
      <div
        className={styles.surface}
        role="application"
        // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- drawn on with keys as well
        tabIndex={0}
        aria-label={t('reporting.redaction.surface', { caption: picture.caption })}
        onPointerDown={(event) => {
          event.currentTarget.setPointerCapture(event.pointerId)
          setFrom(pointOf(event))
        }}
        onPointerMove={(event) => {
          if (!from) return
          const to = pointOf(event)
          setDraft({
            x: Math.min(from.x, to.x),
            y: Math.min(from.y, to.y),
            width: Math.abs(to.x - from.x),
            height: Math.abs(to.y - from.y),
          })
        }}
        onPointerUp={() => {
          if (draft && draft.width > LEAST && draft.height > LEAST) onDraw(draft)
          setFrom(null)
          setDraft(null)
        }}
        onKeyDown={(event) => {
          const step = STEPS[event.key]
          if (step) {
            event.preventDefault()
            nudge(step[0] * 0.01, step[1] * 0.01, event.shiftKey)
          } else if (event.key === 'Enter') {
            event.preventDefault()
            onDraw({ x: 0.4, y: 0.4, width: 0.2, height: 0.2 })
          }
        }}
      >
        <img src={picture.url} alt={picture.caption} draggable={false} />
        {[...regions, ...(draft ? [draft] : [])].map((region, place) => (
          <span
            // Regions have no id of their own.
            // oxlint-disable-next-line react/no-array-index-key
            key={place}
            className={styles.covered}
            style={{
              left: `${region.x * 100}%`,
              top: `${region.y * 100}%`,
              width: `${region.width * 100}%`,
              height: `${region.height * 100}%`,
            }}
          >
            {place + 1}
          </span>
        ))}
      </div>
      <p className={styles.dim}>{t('reporting.redaction.surfaceHelp')}</p>
    </>
  )
}
