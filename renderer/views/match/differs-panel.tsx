import { Button } from '@mantine/core'
import { IconScanEye } from '@tabler/icons-react'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import type { Comparison, Difference, Differences } from '../../../main/contract/differences.ts'
import { api, queryClient } from '../../client.ts'
import { ErrorNotice } from '../../components/error-notice.tsx'
import { Loaded } from '../../components/loaded.tsx'
import { notifyFailure } from '../../components/notify.ts'
import { ProgressLine } from '../../components/progress-line.tsx'
import { instant, number, timeCode } from '../../text/format.ts'
import { jobFraction, jobWords } from '../../text/job.ts'
import styles from './match.module.css'

interface Props {
  readonly matchId: string
  readonly active: Difference | null
  readonly onShow: (difference: Difference) => void
  readonly onSeek: (seconds: number) => void
}

/** What differs, in words; or the button that finds out. */
export function DiffersPanel({ matchId, active, onShow, onSeek }: Props) {
  const { t } = useTranslation()
  const input = { id: matchId }
  const query = useQuery(api.matching.differences.queryOptions({ input }))
  const compare = useMutation(
    api.matching.compare.mutationOptions({
      onSuccess: () => queryClient.invalidateQueries({ queryKey: api.matching.differences.key({ input }) }),
      onError: notifyFailure,
    }),
  )
  return (
    <section className={styles.panel} aria-labelledby="differs-title">
      <Loaded query={query}>
        {(found) => (
          <>
            <header className={styles.panelHead}>
              <h2 id="differs-title">{t('match.differs.title')}</h2>
              <Button
                size="compact-sm"
                variant={found.comparison ? 'default' : 'filled'}
                leftSection={<IconScanEye size={15} />}
                loading={compare.isPending}
                disabled={isPending(found)}
                onClick={() => compare.mutate(input)}
              >
                {t(found.comparison ? 'match.differs.again' : 'match.differs.compare')}
              </Button>
            </header>
            <Working found={found} />
            {found.comparison ? (
              <Told comparison={found.comparison} found={found} active={active} onShow={onShow} onSeek={onSeek} />
            ) : isPending(found) ? null : (
              <div className={styles.notYet}>
                <strong>{t('match.differs.notYet')}</strong>
                <p>{t('match.differs.notYetHelp')}</p>
              </div>
            )}
          </>
        )}
      </Loaded>
    </section>
  )
}

const isPending = ({ job }: Differences): boolean => job?.state === 'queued' || job?.state === 'running'

function Working({ found }: { readonly found: Differences }) {
  const { t } = useTranslation()
  const { job } = found
  if (job && isPending(found))
    return (
      <div className={styles.working}>
        <ProgressLine fraction={jobFraction(job)} label={jobWords(job, t)} secondsLeft={job.secondsLeft} />
        <p>{t('match.differs.waiting')}</p>
      </div>
    )
  return job?.state === 'failed' && job.error ? <ErrorNotice error={job.error} /> : null
}

interface ToldProps extends Omit<Props, 'matchId'> {
  readonly comparison: Comparison
  readonly found: Differences
}

function Told({ comparison, found, active, onShow, onSeek }: ToldProps) {
  const { t } = useTranslation()
  return (
    <>
      {found.current ? null : <p className={styles.stale}>{t('match.differs.stale')}</p>}
      <p className={styles.headline}>{comparison.words}</p>
      <ul className={styles.differences}>
        {comparison.differences.map((difference, i) => (
          // The same list for as long as the comparison stands.
          // oxlint-disable-next-line react/no-array-index-key
          <li key={i}>
            <button
              type="button"
              className={styles.difference}
              data-kind={difference.kind}
              aria-pressed={difference === active}
              onClick={() => onShow(difference)}
            >
              <span className={styles.kind}>{t(`match.differs.kinds.${difference.kind}`)}</span>
              <span className={styles.strength}>
                {t('match.differs.strength', { value: number(difference.strength, 2) })}
              </span>
              <span className={styles.words}>{difference.words}</span>
              <span className={styles.times}>
                {t('match.differs.times', {
                  from: timeCode(difference.fresh.start, 1),
                  to: timeCode(difference.fresh.end, 1),
                })}
                {' · '}
                {t('match.differs.there', {
                  from: timeCode(difference.known.start, 1),
                  to: timeCode(difference.known.end, 1),
                })}
              </span>
            </button>
          </li>
        ))}
      </ul>
      <Sound comparison={comparison} />
      {comparison.pairs.length ? (
        <div className={styles.pairs}>
          <h3>{t('match.differs.pairs')}</h3>
          {comparison.pairs.map(({ sha256, time, caption, width, height }) => (
            <button key={sha256} type="button" className={styles.pair} onClick={() => onSeek(time)}>
              <img
                src={`/file/derived/${sha256}`}
                alt={t('match.differs.pairAlt', { time: timeCode(time, 2), caption })}
                width={width}
                height={height}
                loading="lazy"
              />
              <span>
                {timeCode(time, 2)} · {caption}
              </span>
            </button>
          ))}
        </div>
      ) : null}
      <div className={styles.mind}>
        <h3>{t('match.differs.mind')}</h3>
        <ul>
          {comparison.knownFailures.map((words) => (
            <li key={words}>{words}</li>
          ))}
        </ul>
        <p>
          {t('match.differs.version', {
            version: comparison.version,
            at: found.comparedAt ? instant(found.comparedAt) : '',
          })}
        </p>
      </div>
    </>
  )
}

function Sound({ comparison }: { readonly comparison: Comparison }) {
  const { t } = useTranslation()
  const heard = comparison.segments.filter(({ state }) => state === 'compared')
  if (!heard.length) return null
  return (
    <div className={styles.sound}>
      <h3>{t('match.sound.title')}</h3>
      <ul>
        {heard.map(({ from, to, sound: { state, correlation, seconds, lag } }) => (
          <li key={from}>
            {heard.length > 1 ? `${t('match.differs.times', { from: timeCode(from, 1), to: timeCode(to, 1) })}: ` : ''}
            {t(`match.sound.${state}`)}
            {correlation === null ? null : (
              <span className={styles.dim}>
                {' '}
                {t('match.sound.correlation', { value: number(correlation, 2), seconds: number(seconds) })}
                {lag !== null && Math.abs(lag) > 0.1 ? t('match.sound.lag', { lag: number(lag, 2) }) : ''}
              </span>
            )}
          </li>
        ))}
      </ul>
    </div>
  )
}
