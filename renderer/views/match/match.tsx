import { Button, SegmentedControl, Slider, Tooltip } from '@mantine/core'
import {
  IconArrowsSplit2,
  IconColumns2,
  IconEyeglass,
  IconFlipVertical,
  IconGridDots,
  IconVideoOff,
} from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useEffect, useMemo, useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import type { Difference } from '../../../main/contract/differences.ts'
import type { Match } from '../../../main/contract/matching.ts'
import { api } from '../../client.ts'
import { EmptyState } from '../../components/empty-state.tsx'
import { Loaded, Waiting } from '../../components/loaded.tsx'
import { PageHeader } from '../../components/page-header.tsx'
import { shown } from '../../failure.ts'
import { number } from '../../text/format.ts'
import { Tool, TransportBar } from '../bench/transport-bar.tsx'
import { useFrames } from '../bench/use-frames.ts'
import { Decision } from './decision.tsx'
import { DiffersPanel } from './differs-panel.tsx'
import { MatchAxis } from './match-axis.tsx'
import { useMatchKeys } from './match-keys.ts'
import styles from './match.module.css'
import { PairTransport, segmentAt } from './pair.ts'
import { PairStage, MODES, type Mode, type ShownSegment } from './pair-stage.tsx'

/** Two items that share footage: both in step, what differs, and whether it is the same. */
export default function MatchScreen({ id }: { readonly id: string }) {
  const { t } = useTranslation()
  const query = useQuery(api.matching.get.queryOptions({ input: { id } }))
  if (query.isError && shown(query.error, t).code === 'record.not-found')
    return (
      <EmptyState
        icon={<IconVideoOff size={36} stroke={1.3} />}
        title={t('match.none')}
        action={
          <Button component={Link} href="/triage" variant="default">
            {t('shell.triage')}
          </Button>
        }
      >
        {t('match.noneHelp')}
      </EmptyState>
    )
  return <Loaded query={query}>{(match) => <Screen match={match} />}</Loaded>
}

const NONE: readonly Difference[] = []
const ICONS: Readonly<Record<Mode, ReactNode>> = {
  side: <IconColumns2 size={16} />,
  wipe: <IconArrowsSplit2 size={16} />,
  blink: <IconEyeglass size={16} />,
  heat: <IconGridDots size={16} />,
}

function Screen({ match }: { readonly match: Match }) {
  const { t } = useTranslation()
  const { fresh, known } = match
  const facts = useQuery(api.media.facts.queryOptions({ input: { evidenceId: fresh.evidenceId } })).data ?? null
  const found = useQuery(api.matching.differences.queryOptions({ input: { id: match.id } })).data
  const comparison = found?.comparison ?? null
  const differences = comparison?.differences ?? NONE
  const [transport] = useState(() => new PairTransport())
  useFrames(transport, fresh.evidenceId, facts)
  const segments = useMemo(() => shownSegments(match, comparison?.segments ?? []), [match, comparison])
  useEffect(() => transport.follow(segments), [transport, segments])
  useEffect(() => {
    const [first] = segments
    if (first && transport.time === 0) transport.seek(first.from + 0.001)
  }, [transport, segments])
  const [mode, setMode] = useState<Mode>('side')
  const [turned, setTurned] = useState(true)
  const [wipe, setWipe] = useState(0.5)
  const [active, setActive] = useState<Difference | null>(null)
  const stops = useMemo(
    () =>
      [...new Set([...segments.map(({ from }) => from), ...differences.map((d) => d.fresh.start)])].sort(
        (a, b) => a - b,
      ),
    [segments, differences],
  )
  const loop = (): void => {
    const { loop: on, time } = transport
    const here = segmentAt(segments, time)
    transport.setLoop(on || !here ? null : active ? active.fresh : { start: here.from, end: here.to })
  }
  useMatchKeys({ transport, stops, onMode: setMode, onTurn: () => setTurned((on) => !on), onLoop: loop })
  const show = (difference: Difference): void => {
    const same = difference === active
    setActive(same ? null : difference)
    if (!same) transport.seek((difference.fresh.start + difference.fresh.end) / 2)
  }
  const mirrored = segments.some((segment) => segment.mirrored)
  return (
    <div className={styles.screen}>
      <PageHeader
        documentTitle={`${fresh.name} · ${known.name}`}
        title={
          <span>
            <span className={styles.over}>{t('match.heading')}</span> <bdi>{fresh.name}</bdi>
            <span className={styles.and}> · </span>
            <bdi>{known.name}</bdi>
          </span>
        }
        lead={t('match.lead', { seconds: number(match.seconds, 1), words: match.words })}
        actions={[fresh, known].map((item, i) => (
          <Button key={item.evidenceId} component={Link} href={`/evidence/${item.evidenceId}`} variant="default">
            {t(i ? 'match.known' : 'match.fresh')}
          </Button>
        ))}
      />
      <div className={styles.body}>
        <div className={styles.work}>
          {segments.length ? (
            <Players match={match} transport={transport} segments={segments} differences={differences} active={active} mode={mode} turned={turned} wipe={wipe} /> // prettier-ignore
          ) : (
            <EmptyState title={t('match.noSegments')}>{t('match.noSegmentsHelp')}</EmptyState>
          )}
          <TransportBar transport={transport} hasSound={facts === null || facts.audio.length > 0} onLoop={loop}>
            {mirrored ? (
              <Tool
                label={t(turned ? 'match.turned' : 'match.turn')}
                onClick={() => setTurned(!turned)}
                pressed={turned}
              >
                <IconFlipVertical size={16} />
              </Tool>
            ) : null}
            {mode === 'wipe' ? (
              <Slider
                className={styles.wipe}
                min={0}
                max={1}
                step={0.01}
                value={wipe}
                onChange={setWipe}
                label={null}
                thumbLabel={t('match.wipeAt')}
                size="sm"
              />
            ) : null}
            <SegmentedControl
              size="xs"
              aria-label={t('match.modes.title')}
              value={mode}
              onChange={(value) => setMode(value as Mode)}
              data={MODES.map((value) => ({
                value,
                label: (
                  <Tooltip label={t(`match.modes.${value}`)}>
                    <span className={styles.mode}>
                      {ICONS[value]}
                      <span className="visually-hidden">{t(`match.modes.${value}`)}</span>
                    </span>
                  </Tooltip>
                ),
              }))}
            />
          </TransportBar>
          <div className={styles.axisRoom}>
            <MatchAxis
              evidenceId={fresh.evidenceId}
              duration={facts?.container.duration ?? fresh.duration}
              transport={transport}
              segments={segments}
              differences={differences}
            />
          </div>
        </div>
        <aside className={styles.side} aria-label={t('match.differs.title')}>
          <Decision match={match} />
          <DiffersPanel matchId={match.id} active={active} onShow={show} onSeek={transport.seek} />
        </aside>
      </div>
    </div>
  )
}

interface PlayersProps extends Omit<Parameters<typeof PairStage>[0], 'freshUrl' | 'knownUrl' | 'onBroken'> {
  readonly match: Match
}

/** Both videos, once both can be played. */
function Players({ match, ...stage }: PlayersProps) {
  const { t } = useTranslation()
  const fresh = useQuery(api.media.playback.queryOptions({ input: { evidenceId: match.fresh.evidenceId } }))
  const known = useQuery(api.media.playback.queryOptions({ input: { evidenceId: match.known.evidenceId } }))
  const [broken, setBroken] = useState<'fresh' | 'known' | null>(null)
  if (!fresh.data || !known.data) {
    if (fresh.isError) return <Loaded query={fresh}>{() => null}</Loaded>
    return known.isError ? <Loaded query={known}>{() => null}</Loaded> : <Waiting label={t('common.loading')} />
  }
  const bad = [fresh.data, known.data].find(({ state, url }) => state !== 'ready' || !url)
  if (bad || broken)
    return (
      <EmptyState icon={<IconVideoOff size={36} stroke={1.3} />} title={t('player.unavailable')}>
        {broken ? t('player.broken') : bad!.reason}
      </EmptyState>
    )
  return <PairStage {...stage} freshUrl={fresh.data.url!} knownUrl={known.data.url!} onBroken={setBroken} />
}

const WHOLE = { sx: 1, tx: 0, sy: 1, ty: 0 }

/** The segments of the match, with times and places as the comparison refined them. */
function shownSegments(match: Match, compared: readonly NonNullable<ShownSegment['compared']>[]): ShownSegment[] {
  return match.segments.map((segment) => {
    const number = compared.findIndex(({ from, to, mirrored }) => from === segment.from && to === segment.to && mirrored === segment.mirrored) // prettier-ignore
    const refined = compared[number]
    const { from, to, mirrored } = segment
    const { knownFrom, speed } = refined?.state === 'compared' ? refined : segment
    const placement = refined?.state === 'compared' ? refined.placement : (segment.placement ?? WHOLE)
    return { from, to, mirrored, knownFrom, speed, placement, number, compared: refined ?? null }
  })
}
