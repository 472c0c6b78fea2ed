import { Button } from '@mantine/core'
import { IconArrowsDiff, IconMovie } from '@tabler/icons-react'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import { seenFrom, type ListMatch, type Match } from '../../../main/contract/matching.ts'
import { api } from '../../client.ts'
import { DecideMatch } from '../../components/decide-match.tsx'
import { EmptyState } from '../../components/empty-state.tsx'
import { notifyDone, notifyFailure } from '../../components/notify.ts'
import { instant, timeCode } from '../../text/format.ts'
import styles from './findings.module.css'

interface Props {
  readonly evidenceId: string
  readonly state: 'waiting' | 'matched' | 'no-picture'
  readonly matches: readonly Match[]
  readonly lists: readonly ListMatch[]
  readonly onSeek: (seconds: number) => void
}

/** Where else this footage is shown, and what an analyst made of it. */
export function MatchesTab({ evidenceId, state, matches, lists, onSeek }: Props) {
  const { t } = useTranslation()
  if (!matches.length && !lists.length) {
    if (state === 'waiting') return <EmptyState title={t('footage.waiting')}>{t('footage.waitingHelp')}</EmptyState>
    if (state === 'no-picture')
      return <EmptyState title={t('footage.noPicture')}>{t('footage.noPictureHelp')}</EmptyState>
    return <EmptyState title={t('footage.none')}>{t('footage.noneHelp')}</EmptyState>
  }
  return (
    <div className={styles.tab}>
      {matches.map((match) => (
        <MatchCard key={match.id} match={match} evidenceId={evidenceId} onSeek={onSeek} />
      ))}
      {lists.length ? <ListHits lists={lists} onSeek={onSeek} /> : null}
      <p className={styles.dim}>{t('footage.context')}</p>
    </div>
  )
}

interface CardProps {
  readonly match: Match
  readonly evidenceId: string
  readonly onSeek: (seconds: number) => void
}

function MatchCard({ match, evidenceId, onSeek }: CardProps) {
  const { t } = useTranslation()
  const [deciding, setDeciding] = useState<'accept' | 'reject' | null>(null)
  const reopen = useMutation(
    api.matching.decide.mutationOptions({
      onSuccess: () => notifyDone(t('footage.reopened')),
      onError: notifyFailure,
    }),
  )
  const { other, segments } = seenFrom(match, evidenceId)
  return (
    <article className={styles.card} aria-label={other.name}>
      <header className={styles.cardHead}>
        <h3 className={styles.cardTitle}>
          <bdi>{other.name}</bdi>
        </h3>
        <span className={styles.uncalibrated}>{t(`footage.strengths.${match.strength}`)}</span>
      </header>
      {other.filmstripUrl ? <img className={styles.matchStrip} src={other.filmstripUrl} alt="" loading="lazy" /> : null}
      <p className={styles.explanation}>{match.words}</p>
      <ul className={styles.segments}>
        {segments.map(({ start, end, otherStart, otherEnd, segment }) => (
          <li key={`${start} ${otherStart}`}>
            <button type="button" className={styles.segment} title={segment.words} onClick={() => onSeek(start)}>
              <span className={styles.range}>
                {timeCode(start, 1)} – {timeCode(end, 1)}
              </span>
              <span className={styles.segmentLabel}>
                {t('footage.there')} {timeCode(otherStart, 1)} – {timeCode(otherEnd, 1)}
              </span>
            </button>
            <p className={styles.why}>{segment.words}</p>
          </li>
        ))}
      </ul>
      {match.state === 'open' ? null : (
        <p>
          {t('footage.decided', {
            state: t(`footage.states.${match.state}`),
            actor: match.actor,
            at: match.decidedAt ? instant(match.decidedAt) : '',
          })}
          {match.reason ? (
            <span className={styles.quote} dir="auto">
              {' '}
              {match.reason}
            </span>
          ) : null}
        </p>
      )}
      <div className={styles.matchActions}>
        <Button
          size="compact-sm"
          variant="default"
          component={Link}
          href={`/match/${match.id}`}
          leftSection={<IconArrowsDiff size={14} />}
        >
          {t('footage.sideBySide')}
        </Button>
        <Button
          size="compact-sm"
          variant="default"
          component={Link}
          href={`/evidence/${other.evidenceId}`}
          leftSection={<IconMovie size={14} />}
        >
          {t('footage.openOther')}
        </Button>
        {match.state === 'open' ? (
          <>
            <Button size="compact-sm" onClick={() => setDeciding('accept')}>
              {t('footage.accept')}
            </Button>
            <Button size="compact-sm" variant="default" onClick={() => setDeciding('reject')}>
              {t('footage.reject')}
            </Button>
          </>
        ) : (
          <Button
            size="compact-sm"
            variant="default"
            loading={reopen.isPending}
            onClick={() => reopen.mutate({ id: match.id, decision: 'reopen' })}
          >
            {t('footage.reopen')}
          </Button>
        )}
      </div>
      <DecideMatch matchId={match.id} decision={deciding} onClose={() => setDeciding(null)} />
    </article>
  )
}

function ListHits({ lists, onSeek }: { readonly lists: readonly ListMatch[]; readonly onSeek: (at: number) => void }) {
  const { t } = useTranslation()
  return (
    <section className={styles.card} aria-label={t('footage.listTitle')}>
      <h3 className={styles.cardTitle}>{t('footage.listTitle')}</h3>
      <ul className={styles.segments}>
        {lists.map((hit) => (
          <li key={`${hit.listId} ${hit.entryId}`}>
            <button type="button" className={styles.segment} onClick={() => onSeek(hit.from)}>
              <span className={styles.range}>{timeCode(hit.from, 1)}</span>
              <span className={`${styles.segmentLabel} untrusted`}>
                {t('footage.listHit', { list: hit.listName, entry: hit.entryId ?? t('footage.unnamed') })}
              </span>
            </button>
            <p className={styles.why}>
              {t('footage.listFrames', { count: hit.frames, distance: hit.distance })}
              {hit.labels.length ? <span className="untrusted"> · {hit.labels.join(', ')}</span> : null}
            </p>
          </li>
        ))}
      </ul>
    </section>
  )
}
