import { Button, Tabs } from '@mantine/core'
import { IconFileCheck, IconRefresh } from '@tabler/icons-react'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useEffect, useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import type { Finding } from '../../../main/contract/findings.ts'
import type { MediaFacts } from '../../../main/contract/media.ts'
import type { SignalInfo } from '../../../main/contract/signals.ts'
import { api } from '../../client.ts'
import { BandBadge } from '../../components/band-badge.tsx'
import { Hash } from '../../components/hash.tsx'
import { Loaded } from '../../components/loaded.tsx'
import { notifyDone, notifyFailure } from '../../components/notify.ts'
import { PageHeader } from '../../components/page-header.tsx'
import { TlpBadge } from '../../components/tlp-badge.tsx'
import { bytes, timeCode } from '../../text/format.ts'
import { TimeAxis } from './axis/time-axis.tsx'
import { nextLoop, useBenchKeys } from './bench-keys.ts'
import styles from './bench.module.css'
import { FindingsTab } from './findings-tab.tsx'
import { JudgementsTab } from './judgements-tab.tsx'
import { MatchesTab } from './matches-tab.tsx'
import { Player } from './player.tsx'
import { ProvenanceTab } from './provenance-tab.tsx'
import type { PlacedSegment } from './region-overlay.tsx'
import { TransportBar } from './transport-bar.tsx'
import { Transport } from './transport.ts'
import { useFrames } from './use-frames.ts'
import { FITTED } from './zoom.ts'

interface Props {
  readonly id: string
  /** Media time to begin at, where a citation led here. */
  readonly at?: number
}

const NO_FINDINGS: readonly Finding[] = []
const NO_SIGNALS: readonly SignalInfo[] = []

/** One item under the lamp: the picture, everything over time, and everything that was found. */
export default function Bench({ id, at }: Props) {
  const { t } = useTranslation()
  const item = useQuery(api.intake.evidence.queryOptions({ input: { id } }))
  const found = useQuery(api.findings.forEvidence.queryOptions({ input: { evidenceId: id } }))
  const footage = useQuery(api.matching.forEvidence.queryOptions({ input: { evidenceId: id } }))
  const facts = useQuery(api.media.facts.queryOptions({ input: { evidenceId: id } })).data ?? null
  const signals = useQuery(api.signals.list.queryOptions()).data ?? NO_SIGNALS
  const jobs = useQuery(api.jobs.list.queryOptions({ input: { evidenceId: id } })).data
  const rerun = useMutation(
    api.findings.rerun.mutationOptions({ onSuccess: () => notifyDone(t('bench.rerunning')), onError: notifyFailure }),
  )
  const findings = found.data?.findings ?? NO_FINDINGS
  const priority = found.data?.priority ?? null
  const triage = jobs?.find((job) => job.kind === 'triage')
  const [transport] = useState(() => new Transport())
  useFrames(transport, id, facts)
  const segments = useMemo(() => placed(findings, signals), [findings, signals])
  const [zoom, setZoom] = useState(FITTED)
  const [magnifier, setMagnifier] = useState(false)
  const [tab, setTab] = useState<string | null>('findings')
  useBenchKeys({ evidenceId: id, transport, segments, zoom, onZoom: setZoom, magnifier, onMagnifier: setMagnifier })
  useEffect(() => {
    if (at !== undefined && Number.isFinite(at)) transport.seek(at)
  }, [transport, at])

  return (
    <Loaded query={item}>
      {({ evidence }) => (
        <div className={styles.bench}>
          <PageHeader
            documentTitle={evidence.name}
            title={
              <span className={styles.title}>
                <bdi>{evidence.name}</bdi> <TlpBadge tlp={evidence.tlp} />
                {priority ? <BandBadge band={priority.band} words={priority.words} /> : null}
              </span>
            }
            lead={
              <span className={styles.lead}>
                <span>{summary(facts, evidence.container)}</span> <span>{bytes(evidence.size)}</span>{' '}
                <Hash value={evidence.sha256} />
              </span>
            }
            actions={
              <>
                <Button
                  variant="default"
                  leftSection={<IconRefresh size={15} />}
                  loading={rerun.isPending}
                  disabled={triage?.state === 'queued' || triage?.state === 'running'}
                  onClick={() => rerun.mutate({ evidenceId: id })}
                >
                  {t('bench.rerun')}
                </Button>
                <Button component={Link} href={`/evidence/${id}/file`} leftSection={<IconFileCheck size={15} />}>
                  {t('bench.file')}
                </Button>
              </>
            }
          />
          <div className={styles.body}>
            <div className={styles.work}>
              <Player
                evidenceId={id}
                transport={transport}
                segments={segments}
                zoom={zoom}
                onZoom={setZoom}
                magnifier={magnifier}
              />
              <TransportBar
                transport={transport}
                hasSound={facts === null || facts.audio.length > 0}
                look={{ zoom, onZoom: setZoom, magnifier, onMagnifier: setMagnifier }}
                onLoop={() => transport.setLoop(nextLoop(transport, segments))}
              />
              <div className={styles.axisRoom}>
                <TimeAxis
                  evidenceId={id}
                  transport={transport}
                  duration={facts?.container.duration ?? 0}
                  findings={findings}
                  signals={signals}
                  segments={segments}
                />
              </div>
            </div>
            <aside className={styles.side} aria-label={t('bench.side')}>
              <Tabs value={tab} onChange={setTab} className={styles.tabs}>
                <Tabs.List grow>
                  <Tabs.Tab value="findings">{t('bench.findings')}</Tabs.Tab>
                  <Tabs.Tab value="footage">
                    {t('footage.tab', {
                      count: (footage.data?.matches.length ?? 0) + (footage.data?.lists.length ?? 0),
                    })}
                  </Tabs.Tab>
                  <Tabs.Tab value="provenance">{t('bench.provenance')}</Tabs.Tab>
                  <Tabs.Tab value="judgements">
                    {t('bench.judgements', { count: found.data?.judgements.length ?? 0 })}
                  </Tabs.Tab>
                </Tabs.List>
                <Tabs.Panel value="findings" className={styles.panel} tabIndex={0}>
                  <Loaded query={found}>
                    {() => (
                      <FindingsTab
                        findings={findings}
                        priority={priority}
                        signals={signals}
                        job={triage}
                        onSeek={transport.seek}
                      />
                    )}
                  </Loaded>
                </Tabs.Panel>
                <Tabs.Panel value="footage" className={styles.panel} tabIndex={0}>
                  <Loaded query={footage}>
                    {(known) => <MatchesTab evidenceId={id} {...known} onSeek={transport.seek} />}
                  </Loaded>
                </Tabs.Panel>
                <Tabs.Panel value="provenance" className={styles.panel} tabIndex={0}>
                  <ProvenanceTab evidenceId={id} findings={findings} onSeek={transport.seek} />
                </Tabs.Panel>
                <Tabs.Panel value="judgements" className={styles.panel} tabIndex={0}>
                  <JudgementsTab evidenceId={id} judgements={found.data?.judgements ?? []} />
                </Tabs.Panel>
              </Tabs>
            </aside>
          </div>
        </div>
      )}
    </Loaded>
  )
}

function placed(findings: readonly Finding[], signals: readonly SignalInfo[]): PlacedSegment[] {
  return findings.flatMap(({ output }) =>
    output.segments.map((segment, i) => ({
      ...segment,
      key: `${output.id}#${i}`,
      signal: output.id,
      title: signals.find((signal) => signal.id === output.id)?.title ?? output.id,
    })),
  )
}

function summary(facts: MediaFacts | null, container: string): string {
  const video = facts?.video[0]
  const audio = facts?.audio[0]
  return [
    facts?.container.duration ? timeCode(facts.container.duration, 1) : '',
    video ? `${video.width} × ${video.height}` : '',
    [video?.codec, audio?.codec].filter(Boolean).join(' + '),
    container,
  ]
    .filter(Boolean)
    .join(' · ')
}
