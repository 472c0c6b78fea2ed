import { ActionIcon, Button, Select, TextInput } from '@mantine/core'
import { IconX } from '@tabler/icons-react'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useState, type FormEvent } from 'react'
import { useTranslation } from 'react-i18next'
import type { CaseDetail, NodeRef, RelationType } from '../../../main/contract/cases.ts'
import { api, queryClient } from '../../client.ts'
import { Confirm } from '../../components/confirm.tsx'
import { ErrorNotice } from '../../components/error-notice.tsx'
import { notifyFailure } from '../../components/notify.ts'
import { Panel } from '../../components/panel.tsx'
import { LinkSentence } from './link-sentence.tsx'
import { offeredRelations, suggestedRelation } from './relations.ts'
import styles from './cases.module.css'

/** The links of a case as sentences, and a line in which to write another. */
export function Links({ detail }: { readonly detail: CaseDetail }) {
  const { t } = useTranslation()
  const [leaving, setLeaving] = useState<string | null>(null)
  const withdraw = useMutation(
    api.cases.unrelate.mutationOptions({
      async onSuccess() {
        await queryClient.invalidateQueries({ queryKey: api.cases.key() })
      },
      onSettled: () => setLeaving(null),
      onError: notifyFailure,
    }),
  )
  return (
    <Panel title={t('cases.linksTitle')}>
      <div className={styles.stack}>
        {detail.relations.length ? (
          <ul className={styles.sentences}>
            {detail.relations.map((relation) => (
              <li key={relation.id} className={styles.sentenceRow}>
                <LinkSentence relation={relation} detail={detail} />
                <ActionIcon aria-label={t('cases.withdraw')} onClick={() => setLeaving(relation.id)}>
                  <IconX size={15} />
                </ActionIcon>
              </li>
            ))}
          </ul>
        ) : (
          <p className={styles.absent}>{t('cases.noLinks')}</p>
        )}
        <NewLink detail={detail} />
      </div>
      <Confirm
        opened={leaving !== null}
        title={t('cases.withdrawTitle')}
        action={t('cases.withdraw')}
        busy={withdraw.isPending}
        onConfirm={() => leaving && withdraw.mutate({ relationId: leaving })}
        onClose={() => setLeaving(null)}
      >
        {t('cases.withdrawText')}
      </Confirm>
    </Panel>
  )
}

function NewLink({ detail }: { readonly detail: CaseDetail }) {
  const { t } = useTranslation()
  const [from, setFrom] = useState<string | null>(null)
  const [to, setTo] = useState<string | null>(null)
  const [type, setType] = useState<RelationType | null>(null)
  const [note, setNote] = useState('')
  const kinds = useQuery(api.cases.kinds.queryOptions())
  const relate = useMutation(
    api.cases.relate.mutationOptions({
      async onSuccess() {
        await queryClient.invalidateQueries({ queryKey: api.cases.key() })
        setTo(null)
        setNote('')
      },
    }),
  )
  const nodes = [
    ...detail.evidence.map(({ evidence }) => ({
      ref: { kind: 'evidence' as const, id: evidence.id },
      label: evidence.name,
      group: t('cases.evidenceKind'),
    })),
    ...detail.entities.map((entity) => ({
      ref: { kind: entity.kind, id: entity.id },
      label: entity.name,
      group: kinds.data?.kinds.find((info) => info.kind === entity.kind)?.label ?? entity.kind,
    })),
  ]
  const options = nodes.map(({ ref, label, group }) => ({ value: ref.id, label: `${label} (${group.toLowerCase()})` }))
  const find = (id: string | null): NodeRef | undefined => nodes.find((node) => node.ref.id === id)?.ref
  const [start, end] = [find(from), find(to)]
  const offered = start && end ? offeredRelations(kinds.data?.relations ?? [], start.kind, end.kind) : []
  const chosen = offered.find((rule) => rule.type === type)?.type ?? suggestedRelation(offered)
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    if (start && end && chosen) relate.mutate({ type: chosen, from: start, to: end, note, caseId: detail.case.id })
  }
  return (
    <form onSubmit={submit} className={styles.newLink}>
      <Select label={t('cases.linkFrom')} data={options} value={from} onChange={setFrom} searchable />
      <Select
        label={t('cases.linkType')}
        data={offered.map((rule) => ({ value: rule.type, label: rule.label }))}
        value={chosen}
        onChange={(value) => setType(value as RelationType | null)}
        disabled={!offered.length}
        error={start && end && !offered.length ? t('cases.linkNone') : undefined}
        allowDeselect={false}
      />
      <Select
        label={t('cases.linkTo')}
        data={options.filter((option) => option.value !== from)}
        value={to}
        onChange={setTo}
        searchable
      />
      <TextInput
        label={t('cases.linkNote')}
        value={note}
        onChange={(event) => setNote(event.currentTarget.value)}
        maxLength={500}
        dir="auto"
      />
      <Button type="submit" disabled={!chosen} loading={relate.isPending}>
        {t('cases.linkAction')}
      </Button>
      {relate.error ? (
        <div className={styles.wholeRow}>
          <ErrorNotice error={relate.error} />
        </div>
      ) : null}
    </form>
  )
}
