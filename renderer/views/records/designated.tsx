import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import type { DatedValue } from '../../../main/contract/common.ts'
import { api } from '../../client.ts'
import { DatedField } from '../../components/dated-field.tsx'
import { ErrorNotice } from '../../components/error-notice.tsx'
import { Panel } from '../../components/panel.tsx'
import { Grade } from './grade.tsx'
import styles from './records.module.css'
import { DatedText } from './value-text.tsx'

const today = (): DatedValue => ({ value: new Date().toISOString().slice(0, 10), precision: 'day', zone: 'UTC' })

/** “Was it listed on this date?”: the answer of what is recorded here, dated and with its caveats. */
export function Designated({ subjectId }: { readonly subjectId: string }) {
  const { t } = useTranslation()
  const [date, setDate] = useState<DatedValue | null>(today)
  const answer = useQuery({
    ...api.records.designatedOn.queryOptions({ input: { subjectId, date: date ?? today() } }),
    enabled: date !== null,
  })
  return (
    <Panel title={t('records.designated')}>
      <div className={styles.stack}>
        <DatedField label={t('records.designatedOn')} value={date} onChange={setDate} />
        {answer.error ? <ErrorNotice error={answer.error} /> : null}
        {answer.data ? (
          <>
            <p className={styles.answer} data-answer={answer.data.answer} role="status" dir="auto">
              {answer.data.words}
            </p>
            <ul className={styles.listings}>
              {answer.data.listings.map((listing) => (
                <li key={listing.relation.id} data-held={listing.held}>
                  <Link href={`/records/${listing.designation.id}`}>
                    <bdi>{listing.list || listing.designation.name}</bdi>
                  </Link>{' '}
                  <Grade {...listing.relation.sourcing} />
                  <span className={styles.dim}>
                    {listing.authority ? <bdi>{listing.authority}, </bdi> : null}
                    {listing.validFrom ? <DatedText value={listing.validFrom} /> : '…'} –{' '}
                    {listing.validUntil ? <DatedText value={listing.validUntil} /> : t('records.untilNow')}
                  </span>
                  <span>{t(`records.heldThen.${listing.held}`)}</span>
                  {listing.caveats.map((caveat) => (
                    <span key={caveat} className={styles.note}>
                      {caveat}
                    </span>
                  ))}
                </li>
              ))}
            </ul>
          </>
        ) : null}
      </div>
    </Panel>
  )
}
