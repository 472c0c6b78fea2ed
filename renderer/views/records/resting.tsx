import { Badge } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import type { Resting } from '../../../main/contract/records.ts'
import { api } from '../../client.ts'
import { Loaded } from '../../components/loaded.tsx'
import { timeCode } from '../../text/format.ts'
import { statementAddress } from './links-panel.tsx'
import styles from './records.module.css'
import { supportAddress } from './time-text.ts'

/** Everything that rests on a video: values, links and judgements, each with the very place it cites. */
export function RestingOn({ evidenceId }: { readonly evidenceId: string }) {
  const resting = useQuery(api.records.restingOn.queryOptions({ input: { evidenceId } }))
  return <Loaded query={resting}>{(list) => <RestingList list={list} />}</Loaded>
}

export function RestingList({ list }: { readonly list: readonly Resting[] }) {
  const { t } = useTranslation()
  if (!list.length) return <p className={styles.dim}>{t('records.nothingRests')}</p>
  return (
    <ul className={styles.resting}>
      {list.map(({ kind, id, subject, text, support, replaced }) => {
        const place = support && supportAddress(support)
        return (
          <li key={`${id} ${place ?? ''}`}>
            <Link
              href={statementAddress(
                subject,
                kind === 'assertion' ? { assertionId: id } : kind === 'relation' ? { relationId: id } : null,
              )}
            >
              <bdi>{subject.name}</bdi>
            </Link>{' '}
            <span dir="auto">{text}</span>
            {place && support?.start !== undefined ? <Link href={place}>{timeCode(support.start, 2)}</Link> : null}
            {replaced ? (
              <Badge component="span" color="orange" size="sm" title={t('records.findingReplacedHelp')}>
                {t('records.findingReplaced')}
              </Badge>
            ) : null}
          </li>
        )
      })}
    </ul>
  )
}
