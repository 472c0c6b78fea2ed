import { ActionIcon, Button, Menu, Modal } from '@mantine/core'
import { IconAffiliate, IconPencil, IconPlus, IconX } from '@tabler/icons-react'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { CaseDetail, Entity, EntityKind, FieldInfo } from '../../../main/contract/cases.ts'
import { countryName, valueText } from '../../../main/contract/values.ts'
import { api, queryClient } from '../../client.ts'
import { Confirm } from '../../components/confirm.tsx'
import { EmptyState } from '../../components/empty-state.tsx'
import { Fact, Facts } from '../../components/facts.tsx'
import { notifyFailure } from '../../components/notify.ts'
import { Panel } from '../../components/panel.tsx'
import { TlpBadge } from '../../components/tlp-badge.tsx'
import { EntityForm } from './entity-form.tsx'
import { Links } from './links.tsx'
import styles from './cases.module.css'

type Editing = { readonly kind: EntityKind; readonly entity: Entity | null }

/** The records of a case by kind, and the links between them. */
export function Records({ detail }: { readonly detail: CaseDetail }) {
  const { t } = useTranslation()
  const [editing, setEditing] = useState<Editing | null>(null)
  const [leaving, setLeaving] = useState<string | null>(null)
  const kinds = useQuery(api.cases.kinds.queryOptions())
  const remove = useMutation(
    api.cases.removeEntity.mutationOptions({
      async onSuccess() {
        await queryClient.invalidateQueries({ queryKey: api.cases.key() })
      },
      onSettled: () => setLeaving(null),
      onError: notifyFailure,
    }),
  )
  const add = (
    <Menu position="bottom-end">
      <Menu.Target>
        <Button leftSection={<IconPlus size={14} />}>{t('cases.addRecord')}</Button>
      </Menu.Target>
      <Menu.Dropdown>
        {kinds.data?.kinds.map((info) => (
          <Menu.Item key={info.kind} onClick={() => setEditing({ kind: info.kind, entity: null })}>
            {info.label}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  )
  const info = kinds.data?.kinds.find((known) => known.kind === editing?.kind)
  return (
    <div className={styles.stack}>
      {detail.entities.length ? (
        <>
          <div className={styles.bar}>{add}</div>
          {kinds.data?.kinds.map((known) => {
            const entities = detail.entities.filter((entity) => entity.kind === known.kind)
            return entities.length ? (
              <Panel key={known.kind} title={known.plural} flush>
                <ul>
                  {entities.map((entity) => (
                    <li key={entity.id} className={styles.record}>
                      <div className={styles.recordWords}>
                        <p className={styles.recordName}>
                          <bdi>{entity.name}</bdi> <TlpBadge tlp={entity.tlp} />
                        </p>
                        <Facts>
                          {known.fields
                            .filter((field) => entity.attributes[field.name] !== undefined)
                            .map((field) => (
                              <Fact key={field.name} name={field.label}>
                                <Value field={field} value={entity.attributes[field.name]} />
                              </Fact>
                            ))}
                          <Fact name={t('cases.sourcing')}>
                            {detail.entities.find((source) => source.id === entity.sourcing.sourceId)?.name ??
                              t('cases.sourceSelf')}
                            {`, ${entity.sourcing.reliability}${entity.sourcing.credibility}`}
                          </Fact>
                        </Facts>
                      </div>
                      <ActionIcon
                        aria-label={`${t('cases.edit')}: ${entity.name}`}
                        onClick={() => setEditing({ kind: entity.kind, entity })}
                      >
                        <IconPencil size={15} />
                      </ActionIcon>
                      <ActionIcon
                        aria-label={`${t('cases.removeRecord')}: ${entity.name}`}
                        onClick={() => setLeaving(entity.id)}
                      >
                        <IconX size={15} />
                      </ActionIcon>
                    </li>
                  ))}
                </ul>
              </Panel>
            ) : null
          })}
        </>
      ) : (
        <EmptyState icon={<IconAffiliate size={40} stroke={1.3} />} title={t('cases.noRecords')} action={add}>
          {t('cases.noRecordsText')}
        </EmptyState>
      )}
      {detail.entities.length || detail.relations.length ? <Links detail={detail} /> : null}
      <Modal
        opened={editing !== null}
        onClose={() => setEditing(null)}
        title={t(editing?.entity ? 'cases.editRecord' : 'cases.newRecord', { kind: info?.label.toLowerCase() ?? '' })}
        size="lg"
      >
        {editing && info ? (
          <EntityForm
            key={editing.entity?.id ?? editing.kind}
            info={info}
            entity={editing.entity}
            caseId={detail.case.id}
            onDone={() => setEditing(null)}
          />
        ) : null}
      </Modal>
      <Confirm
        opened={leaving !== null}
        title={t('cases.removeRecord')}
        action={t('cases.removeRecord')}
        busy={remove.isPending}
        onConfirm={() => leaving && remove.mutate({ caseId: detail.case.id, entityId: leaving })}
        onClose={() => setLeaving(null)}
      >
        {t('cases.removeRecordText')}
      </Confirm>
    </div>
  )
}

function Value({ field, value }: { readonly field: FieldInfo; readonly value: unknown }) {
  const shown = (one: unknown): string =>
    field.type === 'country' ? countryName(String(one)) : valueText(field.type, one)
  if (Array.isArray(value))
    return (
      <ul>
        {value.map((entry) => (
          <li key={shown(entry)} dir="auto">
            {shown(entry)}
          </li>
        ))}
      </ul>
    )
  return <span dir="auto">{shown(value)}</span>
}
