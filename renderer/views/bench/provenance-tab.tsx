import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { Finding } from '../../../main/contract/findings.ts'
import type { Acquisition } from '../../../main/contract/intake.ts'
import type { AudioStream, MediaFacts, VideoStream } from '../../../main/contract/media.ts'
import { api } from '../../client.ts'
import { Fact, Facts } from '../../components/facts.tsx'
import { Hash } from '../../components/hash.tsx'
import { Loaded } from '../../components/loaded.tsx'
import { TlpBadge } from '../../components/tlp-badge.tsx'
import { bytes, instant, number, timeCode } from '../../text/format.ts'
import { Observations } from './finding-card.tsx'
import styles from './findings.module.css'

interface Props {
  readonly evidenceId: string
  readonly findings: readonly Finding[]
  readonly onSeek: (seconds: number) => void
}

/** Where the file comes from and what it says about itself, to hold against what its source claims. */
export function ProvenanceTab({ evidenceId, findings, onSeek }: Props) {
  const { t } = useTranslation()
  const item = useQuery(api.intake.evidence.queryOptions({ input: { id: evidenceId } }))
  const facts = useQuery(api.media.facts.queryOptions({ input: { evidenceId } }))
  const provenance = findings.find((finding) => finding.output.id === 'provenance')?.output
  return (
    <div className={styles.tab}>
      <Loaded query={item}>
        {({ evidence, custody }) => (
          <>
            <Group title={t('provenance.claims')}>
              {evidence.acquisitions.map((acquisition) => (
                <Arrival key={acquisition.id} acquisition={acquisition} />
              ))}
            </Group>
            <Group title={t('provenance.identity')}>
              <Facts>
                <Fact name="SHA-256">
                  <Hash value={evidence.sha256} length={0} />
                </Fact>
                <Fact name="BLAKE3">
                  <Hash value={evidence.blake3} algorithm="BLAKE3" length={0} />
                </Fact>
                <Fact name={t('provenance.size')}>
                  {bytes(evidence.size)} (
                  {t('provenance.byteCount', { count: evidence.size, text: number(evidence.size) })})
                </Fact>
                <Fact name={t('provenance.stored')}>{t(`provenance.storage.${evidence.storage}`)}</Fact>
              </Facts>
            </Group>
            {provenance?.observations.length ? (
              <Group title={t('provenance.observations')}>
                <Observations list={provenance.observations} onSeek={onSeek} />
              </Group>
            ) : null}
            <Loaded query={facts}>
              {(known) =>
                known ? (
                  <FactGroups facts={known} />
                ) : (
                  <Group title={t('provenance.container')}>
                    <p className={styles.dim}>{t('provenance.notRead')}</p>
                  </Group>
                )
              }
            </Loaded>
            <Group title={t('provenance.custody')}>
              <ol className={styles.log}>
                {custody.map((entry) => (
                  <li key={entry.id}>
                    <span>
                      <strong>{entry.action}</strong> <span className="untrusted">{entry.detail}</span>
                    </span>
                    <span className={styles.dim}>
                      {instant(entry.at, true)} · {entry.actor}
                    </span>
                  </li>
                ))}
              </ol>
            </Group>
          </>
        )}
      </Loaded>
    </div>
  )
}

function Group({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  return (
    <section className={styles.group}>
      <h3 className={styles.groupTitle}>{title}</h3>
      {children}
    </section>
  )
}

function Arrival({
  acquisition: { name, path, acquiredAt, modifiedAt, details },
}: {
  readonly acquisition: Acquisition
}) {
  const { t } = useTranslation()
  const { claimedDate } = details
  return (
    <Facts>
      <Fact name={t('provenance.name')}>
        <bdi>{name}</bdi>
      </Fact>
      {path ? (
        <Fact name={t('provenance.path')}>
          <bdi>{path}</bdi>
        </Fact>
      ) : null}
      <Fact name={t('provenance.acquired')}>{instant(acquiredAt)}</Fact>
      {modifiedAt ? <Fact name={t('provenance.modified')}>{instant(modifiedAt)}</Fact> : null}
      <Fact name={t('details.source')}>{details.source ? <bdi>{details.source}</bdi> : t('provenance.notGiven')}</Fact>
      <Fact name={t('details.claimedDate')}>
        {claimedDate?.value
          ? `${claimedDate.value} ${claimedDate.zone} (${t(`dated.precisions.${claimedDate.precision}`)})`
          : t('provenance.notGiven')}
      </Fact>
      <Fact name={t('details.claimedPlace')}>
        {details.claimedPlace ? <bdi>{details.claimedPlace}</bdi> : t('provenance.notGiven')}
      </Fact>
      {details.language ? <Fact name={t('details.language')}>{details.language}</Fact> : null}
      <Fact name={t('details.tlp')}>
        <TlpBadge tlp={details.tlp} />
      </Fact>
      {details.note ? (
        <Fact name={t('details.note')}>
          <bdi className={styles.quote}>{details.note}</bdi>
        </Fact>
      ) : null}
    </Facts>
  )
}

function FactGroups({ facts: { container, video, audio, otherStreams } }: { readonly facts: MediaFacts }) {
  const { t } = useTranslation()
  const tags = Object.entries(container.tags)
  return (
    <>
      <Group title={t('provenance.container')}>
        <Facts>
          <Text
            name={t('provenance.format')}
            value={[container.format, container.profile].filter(Boolean).join(' · ')}
          />
          <Text
            name={t('provenance.duration')}
            value={container.duration === null ? '' : timeCode(container.duration)}
          />
          <Text name={t('provenance.bitRate')} value={rate(container.bitRate)} />
          <Text name={t('provenance.application')} value={container.writingApplication} />
          <Text name={t('provenance.library')} value={container.writingLibrary} />
          <Text name={t('provenance.encodedDate')} value={container.encodedDate} />
          <Text name={t('provenance.taggedDate')} value={container.taggedDate} />
          {otherStreams ? <Text name={t('provenance.otherStreams')} value={number(otherStreams)} /> : null}
        </Facts>
      </Group>
      {video.map((stream) => (
        <Group key={stream.index} title={t('provenance.video', { index: stream.index })}>
          <VideoFacts stream={stream} />
        </Group>
      ))}
      {audio.map((stream) => (
        <Group key={stream.index} title={t('provenance.audio', { index: stream.index })}>
          <AudioFacts stream={stream} />
        </Group>
      ))}
      {tags.length ? (
        <Group title={t('provenance.tags')}>
          <Facts>
            {tags.map(([name, value]) => (
              <Fact key={name} name={<code>{name}</code>}>
                <bdi className={styles.quote}>{value}</bdi>
              </Fact>
            ))}
          </Facts>
        </Group>
      ) : null}
    </>
  )
}

function VideoFacts({ stream }: { readonly stream: VideoStream }) {
  const { t } = useTranslation()
  const frameRate =
    stream.frameRate === null
      ? ''
      : t('provenance.frameRateValue', {
          rate: number(stream.frameRate, 3),
          mode: t(`provenance.modes.${stream.frameRateMode}`),
        })
  return (
    <Facts>
      <Text name={t('provenance.codec')} value={[stream.codec, stream.profile].filter(Boolean).join(' · ')} />
      <Text
        name={t('provenance.picture')}
        value={[
          `${stream.width} × ${stream.height}`,
          stream.rotation ? t('provenance.rotated', { degrees: stream.rotation }) : '',
          stream.pixelAspect === 1 ? '' : t('provenance.pixelAspect', { ratio: number(stream.pixelAspect, 3) }),
        ]
          .filter(Boolean)
          .join(', ')}
      />
      <Text name={t('provenance.frameRate')} value={frameRate} />
      <Text name={t('provenance.frames')} value={stream.frames === null ? '' : number(stream.frames)} />
      <Text name={t('provenance.bitRate')} value={rate(stream.bitRate)} />
      <Text
        name={t('provenance.colour')}
        value={[stream.bitDepth ? `${stream.bitDepth} bit` : '', stream.chroma, stream.colour]
          .filter(Boolean)
          .join(', ')}
      />
      <Text name={t('provenance.encoder')} value={stream.encoder} />
      <Text name={t('provenance.settings')} value={stream.encoderSettings} />
      <Text name={t('details.language')} value={stream.language} />
    </Facts>
  )
}

function AudioFacts({ stream }: { readonly stream: AudioStream }) {
  const { t } = useTranslation()
  return (
    <Facts>
      <Text name={t('provenance.codec')} value={[stream.codec, stream.profile].filter(Boolean).join(' · ')} />
      <Text
        name={t('provenance.sound')}
        value={`${number(stream.sampleRate)} Hz, ${t('provenance.channels', { count: stream.channels })}`}
      />
      <Text name={t('provenance.bitRate')} value={rate(stream.bitRate)} />
      <Text name={t('provenance.duration')} value={stream.duration === null ? '' : timeCode(stream.duration)} />
      <Text name={t('provenance.encoder')} value={stream.encoder} />
      <Text name={t('details.language')} value={stream.language} />
    </Facts>
  )
}

/** A fact that the file states; nothing is shown where it states nothing. */
function Text({ name, value }: { readonly name: string; readonly value: string }) {
  return value ? (
    <Fact name={name}>
      <bdi>{value}</bdi>
    </Fact>
  ) : null
}

const rate = (bitsPerSecond: number | null): string =>
  bitsPerSecond === null ? '' : `${number(bitsPerSecond / 1000)} kbit/s`
