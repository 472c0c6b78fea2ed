import { Badge } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import type { CaseDetail, Relation } from '../../../main/contract/cases.ts'
import { api } from '../../client.ts'
import { KindMark } from '../../components/kind-mark.tsx'
import { Panel } from '../../components/panel.tsx'
import { EditRelation } from '../records/edit-relation.tsx'
import { SourceLine } from '../records/grade.tsx'
import { nodeAddress } from '../records/links-panel.tsx'
import { StatementMenu } from '../records/statement-menu.tsx'
import styles from './cases.module.css'

interface Props {
  readonly detail: CaseDetail
  readonly names: Readonly<Record<string, string>>
}

/** The links of a case as sentences, each with who says so. */
export function LinkList({ detail, names }: Props) {
  const { t } = useTranslation()
  const [all, setAll] = useState(false)
  const [editing, setEditing] = useState<{ relation: Relation; title: string } | null>(null)
  const rules = useQuery(api.cases.kinds.queryOptions()).data?.relations ?? []
  const nameOf = ({ kind, id }: Relation['from']): string =>
    (kind === 'evidence' ? detail.evidence.find(({ evidence }) => evidence.id === id)?.evidence.name : names[id]) ??
    t('records.unnamed')
  const shown = all ? detail.relations : detail.relations.slice(0, 60)
  return (
    <Panel title={`${t('cases.linksTitle')} (${detail.relations.length})`} flush>
      <ul>
        {shown.map((relation) => {
          const verb = rules.find(({ type }) => type === relation.type)?.label ?? relation.type
          const title = `${nameOf(relation.from)} ${verb} ${nameOf(relation.to)}`
          return (
            <li key={relation.id} className={styles.record}>
              <div className={styles.recordWords}>
                <p className={styles.sentence}>
                  <End end={relation.from} name={nameOf(relation.from)} /> <span className={styles.verb}>{verb}</span>{' '}
                  <End end={relation.to} name={nameOf(relation.to)} />
                  {relation.disputed ? (
                    <Badge component="span" color="red" size="sm">
                      {t('records.disputed')}
                    </Badge>
                  ) : null}
                </p>
                <SourceLine sourcing={relation.sourcing} names={names} />
                {relation.note ? (
                  <p className={styles.note} dir="auto">
                    {relation.note}
                  </p>
                ) : null}
              </div>
              <StatementMenu
                of={{ relationId: relation.id }}
                name={title}
                disputed={relation.disputed}
                onEdit={() => setEditing({ relation, title })}
              />
            </li>
          )
        })}
      </ul>
      {shown.length < detail.relations.length ? (
        <button type="button" className={styles.showAll} onClick={() => setAll(true)}>
          {t('cases.all', { count: detail.relations.length })}
        </button>
      ) : null}
      {editing ? <EditRelation {...editing} onClose={() => setEditing(null)} /> : null}
    </Panel>
  )
}

function End({ end, name }: { readonly end: Relation['from']; readonly name: string }) {
  return (
    <Link href={nodeAddress(end)} className={styles.end}>
      <KindMark kind={end.kind} size={10} /> <bdi className="untrusted">{name}</bdi>
    </Link>
  )
}
