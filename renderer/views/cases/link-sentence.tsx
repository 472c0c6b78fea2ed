import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import type { CaseDetail, Relation } from '../../../main/contract/cases.ts'
import { api } from '../../client.ts'
import styles from './cases.module.css'

/** A relation as a sentence: a record, what it does, another record. */
export function LinkSentence({ relation, detail }: { readonly relation: Relation; readonly detail: CaseDetail }) {
  const kinds = useQuery(api.cases.kinds.queryOptions())
  const rule = kinds.data?.relations.find((known) => known.type === relation.type)
  return (
    <span className={styles.sentence}>
      <End end={relation.from} detail={detail} /> <span className={styles.verb}>{rule?.label ?? relation.type}</span>{' '}
      <End end={relation.to} detail={detail} />
      {relation.note ? (
        <span className={styles.note} dir="auto">
          {' '}
          {relation.note}
        </span>
      ) : null}
    </span>
  )
}

function End({ end, detail }: { readonly end: Relation['from']; readonly detail: CaseDetail }) {
  const { t } = useTranslation()
  if (end.kind === 'evidence') {
    const video = detail.evidence.find((entry) => entry.evidence.id === end.id)?.evidence
    return (
      <Link href={`/evidence/${end.id}`} className={styles.end}>
        <bdi className="untrusted">{video?.name ?? t('cases.evidenceKind')}</bdi>
      </Link>
    )
  }
  const entity = detail.entities.find((known) => known.id === end.id)
  return <bdi className={styles.endRecord}>{entity?.name ?? end.kind}</bdi>
}
