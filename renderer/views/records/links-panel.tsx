import { Badge, Button } from '@mantine/core'
import { IconPlus } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import type { Relation } from '../../../main/contract/cases.ts'
import type { LinkView, RecordDetail } from '../../../main/contract/records.ts'
import { api } from '../../client.ts'
import { KindMark } from '../../components/kind-mark.tsx'
import { Panel } from '../../components/panel.tsx'
import { EditRelation } from './edit-relation.tsx'
import { SourceLine } from './grade.tsx'
import { LinkForm } from './link-form.tsx'
import styles from './records.module.css'
import { StatementMenu } from './statement-menu.tsx'
import { SupportsList } from './supports-list.tsx'
import { DatedText } from './value-text.tsx'

/** Where a node is looked at: a record on its page, a video on the Bench. */
export const nodeAddress = (node: { readonly kind: string; readonly id: string }): string =>
  node.kind === 'evidence' ? `/evidence/${node.id}` : `/records/${node.id}`

/** The record with one value or one link of it in view; a video, where that is what it is said of. */
export const statementAddress = (
  node: { readonly kind: string; readonly id: string },
  statement: { readonly assertionId: string } | { readonly relationId: string } | null,
): string =>
  node.kind === 'evidence' || !statement
    ? nodeAddress(node)
    : `${nodeAddress(node)}/said/${'assertionId' in statement ? statement.assertionId : statement.relationId}`

/** The links of one record as sentences, out of it and into it, each with who says so. */
export function LinksPanel({ detail }: { readonly detail: RecordDetail }) {
  const { t } = useTranslation()
  const [linking, setLinking] = useState(false)
  const rules = useQuery(api.cases.kinds.queryOptions()).data?.relations ?? []
  const [editing, setEditing] = useState<{ relation: Relation; title: string } | null>(null)
  const { entity } = detail
  const sentence = (link: LinkView): [string, string, string] => {
    const verb = rules.find((rule) => rule.type === link.relation.type)?.label ?? link.relation.type
    return link.direction === 'from' ? [entity.name, verb, link.other.name] : [link.other.name, verb, entity.name]
  }
  return (
    <Panel
      title={t('records.links')}
      actions={
        <Button variant="default" leftSection={<IconPlus size={14} />} onClick={() => setLinking(true)}>
          {t('records.addLink')}
        </Button>
      }
      flush
    >
      {detail.links.length ? (
        <ul>
          {detail.links.map((link) => {
            const { relation, other } = link
            const [start, verb, end] = sentence(link)
            const otherLink = (
              <Link href={nodeAddress(other)} className={styles.end}>
                <KindMark kind={other.kind} size={11} /> <bdi className="untrusted">{other.name}</bdi>
              </Link>
            )
            const self = <bdi className={styles.self}>{entity.name}</bdi>
            return (
              <li key={relation.id} className={styles.assertion} data-relation={relation.id}>
                <div className={styles.assertionWords}>
                  <div className={styles.sentence}>
                    {link.direction === 'from' ? self : otherLink} <span className={styles.verb}>{verb}</span>{' '}
                    {link.direction === 'from' ? otherLink : self}
                    {relation.disputed ? (
                      <Badge component="span" color="red" size="sm">
                        {t('records.disputed')}
                      </Badge>
                    ) : null}
                    {link.replacedFindings.length ? (
                      <Badge component="span" color="orange" size="sm">
                        {t('records.findingReplaced')}
                      </Badge>
                    ) : null}
                  </div>
                  <SourceLine sourcing={relation.sourcing} names={detail.names} />
                  {relation.validFrom || relation.validUntil ? (
                    <span className={styles.dim}>
                      {t('records.held')} {relation.validFrom ? <DatedText value={relation.validFrom} /> : '…'} –{' '}
                      {relation.validUntil ? <DatedText value={relation.validUntil} /> : '…'}
                    </span>
                  ) : null}
                  {relation.note ? (
                    <span className={styles.note} dir="auto">
                      {relation.note}
                    </span>
                  ) : null}
                  <SupportsList
                    supports={relation.sourcing.supports}
                    names={detail.names}
                    sourceId={relation.sourcing.sourceId}
                  />
                </div>
                <StatementMenu
                  of={{ relationId: relation.id }}
                  name={`${start} ${verb} ${end}`}
                  disputed={relation.disputed}
                  onEdit={() => setEditing({ relation, title: `${start} ${verb} ${end}` })}
                />
              </li>
            )
          })}
        </ul>
      ) : (
        <p className={styles.padded}>{t('records.noLinks')}</p>
      )}
      {linking ? (
        <LinkForm
          from={{ id: entity.id, kind: entity.kind, name: entity.name }}
          caseId={detail.caseIds[0] ?? null}
          onClose={() => setLinking(false)}
        />
      ) : null}
      {editing ? <EditRelation {...editing} onClose={() => setEditing(null)} /> : null}
    </Panel>
  )
}
