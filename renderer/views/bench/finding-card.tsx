import { Tooltip } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { Finding } from '../../../main/contract/findings.ts'
import type { Observation, SignalInfo } from '../../../main/contract/signals.ts'
import { Fact, Facts } from '../../components/facts.tsx'
import { Hash } from '../../components/hash.tsx'
import { TimeCode } from '../../components/time-code.tsx'
import { number, timeCode } from '../../text/format.ts'
import { Exhibit } from './exhibit.tsx'
import styles from './findings.module.css'
import { WeightMark } from './weight-mark.tsx'

interface Props {
  readonly finding: Finding
  readonly signal: SignalInfo | undefined
  readonly onSeek: (seconds: number) => void
}

/** All that one signal says about the item, with what it rests on. */
export function FindingCard({ finding, signal, onSeek }: Props) {
  const { t } = useTranslation()
  const { output } = finding
  const { state, reason } = output.applicability
  const title = signal?.title ?? output.id
  const context = output.observations.filter((o) => o.weight === 'context')
  const indicators = output.observations.filter((o) => o.weight !== 'context')
  const images = output.evidence.filter((exhibit) => exhibit.kind === 'image')
  const tables = output.evidence.filter((exhibit) => exhibit.kind === 'table')
  return (
    <article className={styles.card} data-state={state} aria-label={title}>
      <header className={styles.cardHead}>
        <Tooltip label={signal?.measures ?? ''} disabled={!signal}>
          <h3 className={styles.cardTitle}>{title}</h3>
        </Tooltip>
        {state === 'ran' && output.score !== null ? (
          <span className={styles.score}>
            {t('finding.score', { score: number(output.score, 2) })}
            {output.calibration ? (
              <Tooltip label={t('finding.calibrationBasis', { basis: output.calibration.basis })}>
                <span>
                  {' '}
                  {t('finding.ratio', {
                    ratio: number(output.calibration.likelihoodRatio, 1),
                    low: number(output.calibration.low, 1),
                    high: number(output.calibration.high, 1),
                  })}
                </span>
              </Tooltip>
            ) : (
              <Tooltip label={t(signal?.counted === false ? 'finding.notCountedHelp' : 'finding.uncalibratedHelp')}>
                <span className={styles.uncalibrated}>
                  {t(signal?.counted === false ? 'finding.notCounted' : 'finding.uncalibrated')}
                </span>
              </Tooltip>
            )}
          </span>
        ) : (
          <span className={styles.uncalibrated}>{t(`finding.states.${state}`)}</span>
        )}
      </header>
      <p className={styles.explanation}>{state === 'ran' ? output.explanation : reason}</p>
      {indicators.length ? <Observations list={indicators} onSeek={onSeek} /> : null}
      {output.segments.length ? (
        <section>
          <h4 className={styles.part}>{t('finding.segments')}</h4>
          <ul className={styles.segments}>
            {output.segments.map((segment) => (
              <li key={`${segment.start} ${segment.end} ${segment.label}`}>
                <button type="button" className={styles.segment} onClick={() => onSeek(segment.start)}>
                  <span className={styles.range}>
                    {timeCode(segment.start, 2)} – {timeCode(segment.end, 2)}
                  </span>
                  <span className={styles.segmentLabel}>{segment.label}</span>
                  <span className={styles.dim}>{number(segment.score, 2)}</span>
                </button>
              </li>
            ))}
          </ul>
        </section>
      ) : null}
      {images.length ? (
        <div className={styles.figures}>
          {images.map((exhibit) => (
            <Exhibit key={exhibit.sha256 + exhibit.caption} exhibit={exhibit} onSeek={onSeek} />
          ))}
        </div>
      ) : null}
      {tables.map((exhibit) => (
        <Exhibit key={exhibit.caption} exhibit={exhibit} onSeek={onSeek} />
      ))}
      {context.length ? (
        <details className={styles.more}>
          <summary>{t('finding.context', { count: context.length })}</summary>
          <Observations list={context} onSeek={onSeek} />
        </details>
      ) : null}
      {output.knownFailures.length ? (
        <section className={styles.failures}>
          <h4 className={styles.part}>{t('finding.knownFailures')}</h4>
          <ul>
            {output.knownFailures.map((failure) => (
              <li key={failure}>{failure}</li>
            ))}
          </ul>
        </section>
      ) : null}
      <details className={styles.more}>
        <summary>{t('finding.provenance')}</summary>
        <Facts>
          <Fact name={t('finding.signal')}>
            <code>
              {output.id} {output.version}
            </code>
          </Fact>
          {output.provenance.model ? (
            <Fact name={t('finding.model')}>
              {output.provenance.model.id} {output.provenance.model.version}{' '}
              <Hash value={output.provenance.model.sha256} />
            </Fact>
          ) : null}
          <Fact name="ffmpeg">{output.provenance.ffmpeg}</Fact>
          <Fact name={t('finding.seed')}>{output.provenance.seed}</Fact>
          {Object.entries(output.provenance.parameters).map(([name, value]) => (
            <Fact key={name} name={<code>{name}</code>}>
              {String(value)}
            </Fact>
          ))}
        </Facts>
      </details>
    </article>
  )
}

export function Observations({ list, onSeek }: { list: readonly Observation[]; onSeek: (seconds: number) => void }) {
  return (
    <ul className={styles.observations}>
      {list.map((observation, i) => (
        // Two observations may be equal word for word; their order is fixed.
        // oxlint-disable-next-line react/no-array-index-key
        <li key={i} className={styles.observation}>
          <WeightMark weight={observation.weight} />
          <div>
            <span className="untrusted">{observation.text}</span>{' '}
            {observation.at === undefined ? null : <TimeCode at={observation.at} onSeek={onSeek} />}
            {observation.reference ? <span className={styles.reference}>{observation.reference}</span> : null}
          </div>
        </li>
      ))}
    </ul>
  )
}
