import { ActionIcon, Badge, Button, Menu, TextInput } from '@mantine/core'
import { IconAffiliate, IconPlus, IconX } from '@tabler/icons-react'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import type { CaseDetail, Entity, EntityKind, KindInfo } from '../../../main/contract/cases.ts'
import type { Tlp } from '../../../main/contract/common.ts'
import { api } from '../../client.ts'
import { Confirm } from '../../components/confirm.tsx'
import { EmptyState } from '../../components/empty-state.tsx'
import { KindMark } from '../../components/kind-mark.tsx'
import { notifyFailure } from '../../components/notify.ts'
import { Panel } from '../../components/panel.tsx'
import { TlpBadge } from '../../components/tlp-badge.tsx'
import { recordsChanged } from '../records/changed.tsx'
import { CreateRecord } from '../records/create-record.tsx'
import { Grade } from '../records/grade.tsx'
import { LinkForm } from '../records/link-form.tsx'
import { ValueText } from '../records/value-text.tsx'
import styles from './cases.module.css'
import { Duplicates } from './duplicates.tsx'
import { LinkList } from './link-list.tsx'

/** The records of a case by kind, the links between them, and where new ones are made. */
export function Records({ detail }: { readonly detail: CaseDetail }) {
  const { t } = useTranslation()
  const [making, setMaking] = useState<EntityKind | null>(null)
  const [linking, setLinking] = useState(false)
  const [leaving, setLeaving] = useState<Entity | null>(null)
  const [text, setText] = useState('')
  const kinds = useQuery(api.cases.kinds.queryOptions()).data?.kinds ?? []
  const names = useMemo(() => Object.fromEntries(detail.entities.map(({ id, name }) => [id, name])), [detail.entities])
  const remove = useMutation(
    api.cases.removeEntity.mutationOptions({
      onSuccess: recordsChanged,
      onSettled: () => setLeaving(null),
      onError: notifyFailure,
    }),
  )
  const add = (
    <Menu position="bottom-end" width={420}>
      <Menu.Target>
        <Button leftSection={<IconPlus size={14} />}>{t('cases.addRecord')}</Button>
      </Menu.Target>
      <Menu.Dropdown className={styles.kindMenu}>
        {kinds.map((info) => (
          <Menu.Item key={info.kind} leftSection={<KindMark kind={info.kind} />} onClick={() => setMaking(info.kind)}>
            {info.label}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  )
  const wanted = text.trim().toLowerCase()
  const shown = wanted ? detail.entities.filter(({ name }) => name.toLowerCase().includes(wanted)) : detail.entities
  const info = kinds.find(({ kind }) => kind === making)
  return (
    <div className={styles.stack}>
      {detail.entities.length ? (
        <>
          <div className={styles.bar}>
            <TextInput
              aria-label={t('cases.filterRecords')}
              placeholder={t('cases.filterRecords')}
              value={text}
              onChange={(event) => setText(event.currentTarget.value)}
              className={styles.filter}
            />
            <Button variant="default" leftSection={<IconPlus size={14} />} onClick={() => setLinking(true)}>
              {t('records.addLink')}
            </Button>
            {add}
          </div>
          <Duplicates caseId={detail.case.id} />
          <div className={styles.recordGrid}>
            {kinds.map((known) => {
              const entities = shown.filter(({ kind }) => kind === known.kind)
              return entities.length ? (
                <Panel
                  key={known.kind}
                  title={
                    <span className={styles.kindTitle}>
                      <KindMark kind={known.kind} /> {known.plural}
                      <span className={styles.tabCount}>{entities.length}</span>
                    </span>
                  }
                  actions={
                    <ActionIcon
                      aria-label={t('records.newKind', { kind: known.label.toLowerCase() })}
                      onClick={() => setMaking(known.kind)}
                    >
                      <IconPlus size={15} />
                    </ActionIcon>
                  }
                  flush
                >
                  <ul>
                    {entities.map((entity) => (
                      <RecordRow
                        key={entity.id}
                        entity={entity}
                        info={known}
                        names={names}
                        caseTlp={detail.case.tlp}
                        onRemove={() => setLeaving(entity)}
                      />
                    ))}
                  </ul>
                </Panel>
              ) : null
            })}
          </div>
        </>
      ) : (
        <EmptyState icon={<IconAffiliate size={40} stroke={1.3} />} title={t('cases.noRecords')} action={add}>
          {t('cases.noRecordsText')}
        </EmptyState>
      )}
      {detail.relations.length ? <LinkList detail={detail} names={names} /> : null}
      {info ? (
        <CreateRecord key={info.kind} info={info} caseId={detail.case.id} onClose={() => setMaking(null)} />
      ) : null}
      {linking ? <LinkForm from={null} caseId={detail.case.id} onClose={() => setLinking(false)} /> : null}
      <Confirm
        opened={leaving !== null}
        title={t('cases.removeRecord')}
        action={t('cases.removeRecord')}
        busy={remove.isPending}
        onConfirm={() => leaving && remove.mutate({ caseId: detail.case.id, entityId: leaving.id })}
        onClose={() => setLeaving(null)}
      >
        {t('cases.removeRecordText')}
      </Confirm>
    </div>
  )
}

interface RowProps {
  readonly entity: Entity
  readonly info: KindInfo
  readonly names: Readonly<Record<string, string>>
  /** The mark of the case: only another one is worth a badge. */
  readonly caseTlp: Tlp
  readonly onRemove: () => void
}

/** A record on one or two lines: its name, and the first values that tell it apart. */
function RecordRow({ entity, info, names, caseTlp, onRemove }: RowProps) {
  const { t } = useTranslation()
  const telling = info.fields
    .filter(
      ({ name, type }) => entity.attributes[name] !== undefined && !['long-text', 'cell', 'hash', 'url'].includes(type),
    )
    .slice(0, 4)
  return (
    <li className={styles.record}>
      <div className={styles.recordWords}>
        <p className={styles.recordName}>
          <Link href={`/records/${entity.id}`}>
            <bdi>{entity.name}</bdi>
          </Link>
          <Grade {...entity.sourcing} />
          {entity.tlp === caseTlp ? null : <TlpBadge tlp={entity.tlp} />}
          {entity.conflicts.length ? (
            <Badge component="span" color="orange" size="sm" title={t('records.conflictHelp')}>
              {t('records.conflict')}
            </Badge>
          ) : null}
        </p>
        {telling.length ? (
          <p className={styles.telling}>
            {telling.map((field) => {
              const value = entity.attributes[field.name]
              const values = Array.isArray(value) ? value : [value]
              return (
                <span key={field.name}>
                  <span className={styles.dim}>{field.label}:</span>{' '}
                  <ValueText field={field} value={values[0]} names={names} />
                  {values.length > 1 ? (
                    <span className={styles.dim}> {t('cases.andMore', { count: values.length - 1 })}</span>
                  ) : null}
                </span>
              )
            })}
          </p>
        ) : null}
      </div>
      <ActionIcon aria-label={`${t('cases.removeRecord')}: ${entity.name}`} onClick={onRemove}>
        <IconX size={15} />
      </ActionIcon>
    </li>
  )
}
