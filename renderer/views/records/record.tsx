import { Badge, Button, Modal, TextInput } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { IconAffiliate, IconArrowMerge, IconPencil, IconTrash } from '@tabler/icons-react'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useEffect, useMemo, useState, type FormEvent } from 'react'
import { useTranslation } from 'react-i18next'
import { Link, useLocation } from 'wouter'
import type { KindInfo } from '../../../main/contract/cases.ts'
import type { DatedValue } from '../../../main/contract/common.ts'
import type { RecordDetail } from '../../../main/contract/records.ts'
import type { Observation } from '../../../main/contract/values.ts'
import { api } from '../../client.ts'
import { ErrorNotice } from '../../components/error-notice.tsx'
import { KindMark } from '../../components/kind-mark.tsx'
import { Loaded } from '../../components/loaded.tsx'
import { notifyFailure } from '../../components/notify.ts'
import { PageHeader } from '../../components/page-header.tsx'
import { Panel } from '../../components/panel.tsx'
import { TlpBadge } from '../../components/tlp-badge.tsx'
import { TlpField } from '../../components/tlp-field.tsx'
import { instant } from '../../text/format.ts'
import type { Entry } from '../../../main/reports/drawing/arrange.ts'
import { TimelineChart } from '../timeline/timeline-chart.tsx'
import { offerUndo, offerUndoOf, recordsChanged } from './changed.tsx'
import { Designated } from './designated.tsx'
import { FieldsPanel } from './fields-panel.tsx'
import { SourceLine } from './grade.tsx'
import { History } from './history.tsx'
import { LinksPanel } from './links-panel.tsx'
import { MergeRecords } from './merge.tsx'
import styles from './records.module.css'
import { SourcingFields } from './sourcing-fields.tsx'
import { completeSupports } from './supports-editor.tsx'

/** One record: everything said about it, its links, its time, its history. */
export default function RecordPage({ id, statement }: { readonly id: string; readonly statement?: string }) {
  const detail = useQuery(api.records.get.queryOptions({ input: { id } }))
  const kinds = useQuery(api.cases.kinds.queryOptions())
  return (
    <Loaded query={detail}>
      {(data) => (
        <Loaded query={kinds}>
          {({ kinds }) => (
            <>
              <RecordView detail={data} info={kinds.find(({ kind }) => kind === data.entity.kind)!} />
              {statement ? <BringIntoView statement={statement} /> : null}
            </>
          )}
        </Loaded>
      )}
    </Loaded>
  )
}

/** Marks the value or the link that somebody came for, scrolls to it, and puts the keyboard there. */
function BringIntoView({ statement }: { readonly statement: string }) {
  useEffect(() => {
    const id = CSS.escape(statement)
    const row = document.querySelector<HTMLElement>(`[data-assertion="${id}"], [data-relation="${id}"]`)
    if (!row) return undefined
    row.dataset['cited'] = 'true'
    row.tabIndex = -1
    row.scrollIntoView({ block: 'center' })
    row.focus({ preventScroll: true })
    return () => {
      delete row.dataset['cited']
      row.removeAttribute('tabindex')
    }
  }, [statement])
  return null
}

/** Kinds that may stand on a list. */
const LISTABLE: ReadonlySet<string> = new Set(['identity', 'actor', 'channel', 'account', 'operation'])

function RecordView({ detail, info }: { readonly detail: RecordDetail; readonly info: KindInfo }) {
  const { t } = useTranslation()
  const [, navigate] = useLocation()
  const [editing, edit] = useDisclosure(false)
  const [merging, merge] = useDisclosure(false)
  const { entity } = detail
  const remove = useMutation(
    api.records.remove.mutationOptions({
      async onSuccess({ operation }) {
        navigate(detail.caseIds[0] ? `/cases/${detail.caseIds[0]}/records` : '/search')
        offerUndo(operation, t('records.removed', { name: entity.name }))
        await recordsChanged()
      },
      onError: notifyFailure,
    }),
  )
  return (
    <>
      <PageHeader
        documentTitle={entity.name}
        title={
          <span className={styles.kindTitle}>
            <KindMark kind={entity.kind} size={17} /> <bdi>{entity.name}</bdi> <TlpBadge tlp={entity.tlp} />
            {entity.conflicts.length ? (
              <Badge component="span" color="orange">
                {t('records.conflict')}
              </Badge>
            ) : null}
          </span>
        }
        lead={
          <span className={styles.lead}>
            <span>{info.label}</span>
            <SourceLine sourcing={entity.sourcing} names={detail.names} />
          </span>
        }
        actions={
          <>
            <Button
              variant="default"
              component={Link}
              href={`/records/${entity.id}/graph`}
              leftSection={<IconAffiliate size={14} />}
            >
              {t('records.showGraph')}
            </Button>
            <Button variant="default" leftSection={<IconPencil size={14} />} onClick={edit.open}>
              {t('records.edit')}
            </Button>
            <Button variant="default" leftSection={<IconArrowMerge size={14} />} onClick={merge.open}>
              {t('records.merge')}
            </Button>
            <Button
              variant="default"
              leftSection={<IconTrash size={14} />}
              loading={remove.isPending}
              onClick={() => remove.mutate({ id: entity.id, revision: entity.revision })}
            >
              {t('records.remove')}
            </Button>
          </>
        }
      />
      <div className={styles.record}>
        <div className={styles.column}>
          <FieldsPanel detail={detail} info={info} />
          <LinksPanel detail={detail} />
        </div>
        <div className={styles.column}>
          {LISTABLE.has(entity.kind) ? <Designated subjectId={entity.id} /> : null}
          <OwnTimeline detail={detail} info={info} />
          <InCases caseIds={detail.caseIds} />
          {detail.merged.length ? <Merged detail={detail} /> : null}
          <History subject={entity.id} />
        </div>
      </div>
      {editing ? <EditRecord detail={detail} onClose={edit.close} /> : null}
      {merging ? <MergeRecords detail={detail} info={info} onClose={merge.close} /> : null}
    </>
  )
}

/** Every date of the record and of its links on one axis. */
function OwnTimeline({ detail, info }: { readonly detail: RecordDetail; readonly info: KindInfo }) {
  const { t } = useTranslation()
  const [, navigate] = useLocation()
  const rules = useQuery(api.cases.kinds.queryOptions()).data?.relations
  const entries = useMemo(() => ownEntries(detail, info, rules ?? []), [detail, info, rules])
  if (!entries.length) return null
  return (
    <Panel title={t('records.timeline')}>
      <TimelineChart
        entries={entries}
        kinds={[
          { kind: detail.entity.kind, plural: t('records.itself') },
          { kind: 'link', plural: t('records.links') },
        ]}
        zone="UTC"
        compact
        onOpen={({ id }) => navigate(`/records/${detail.entity.id}/said/${id}`)}
      />
    </Panel>
  )
}

function ownEntries(
  detail: RecordDetail,
  info: KindInfo,
  rules: readonly { readonly type: string; readonly label: string }[],
): Entry[] {
  const { id, kind } = detail.entity
  const ends = new Set(info.fields.flatMap(({ endsWith }) => endsWith ?? []))
  const preferred = (name: string): DatedValue | null =>
    (detail.fields.find((view) => view.field === name)?.standing[0]?.value as DatedValue | undefined) ?? null
  const own = info.fields
    .filter(({ type, name }) => (type === 'dated' || type === 'observation') && !ends.has(name))
    .flatMap((field) =>
      (detail.fields.find((view) => view.field === field.name)?.standing ?? []).map((assertion) => {
        const at = field.type === 'dated' ? (assertion.value as DatedValue) : (assertion.value as Observation).at
        const name =
          field.type === 'dated' ? field.label : `${field.label}: ${String((assertion.value as Observation).value)}`
        return {
          id: assertion.id,
          subject: { id, kind, name },
          label: field.label,
          at,
          until: field.endsWith ? preferred(field.endsWith) : null,
          disputed: assertion.disputed,
        }
      }),
    )
  const links = detail.links.flatMap(({ relation, other }) => {
    const at = relation.validFrom ?? relation.validUntil
    if (!at) return []
    const label = rules.find((rule) => rule.type === relation.type)?.label ?? relation.type
    const until = relation.validFrom ? relation.validUntil : null
    return [
      {
        id: relation.id,
        subject: { id: other.id, kind: 'link', name: `${label}: ${other.name}` },
        label,
        at,
        until,
        disputed: relation.disputed,
      },
    ]
  })
  return [...own, ...links]
}

function InCases({ caseIds }: { readonly caseIds: readonly string[] }) {
  const { t } = useTranslation()
  const cases = useQuery(api.cases.list.queryOptions()).data ?? []
  const own = cases.filter(({ id }) => caseIds.includes(id))
  if (!own.length) return null
  return (
    <Panel title={t('records.inCases')}>
      <ul className={styles.list}>
        {own.map(({ id, title }) => (
          <li key={id}>
            <Link href={`/cases/${id}`}>
              <bdi>{title}</bdi>
            </Link>
          </li>
        ))}
      </ul>
    </Panel>
  )
}

/** Records that were merged into this one; each can be split off as it was. */
function Merged({ detail }: { readonly detail: RecordDetail }) {
  const { t } = useTranslation()
  const split = useMutation(
    api.records.unmerge.mutationOptions({
      async onSuccess(made) {
        await offerUndoOf(made.entity.id, t('records.splitDone', { name: made.entity.name }))
      },
      onError: notifyFailure,
    }),
  )
  return (
    <Panel title={t('records.mergedHere')}>
      <ul className={styles.list}>
        {detail.merged.map(({ id, name, mergedAt }) => (
          <li key={id} className={styles.row}>
            <bdi>{name}</bdi> <span className={styles.dim}>{instant(mergedAt)}</span>
            <Button
              variant="default"
              size="compact-xs"
              loading={split.isPending}
              aria-label={t('records.splitNamed', { name })}
              onClick={() => split.mutate({ id })}
            >
              {t('records.split')}
            </Button>
          </li>
        ))}
      </ul>
    </Panel>
  )
}

function EditRecord({ detail, onClose }: { readonly detail: RecordDetail; readonly onClose: () => void }) {
  const { t } = useTranslation()
  const { entity } = detail
  const [name, setName] = useState(entity.name)
  const [tlp, setTlp] = useState(entity.tlp)
  const [sourcing, setSourcing] = useState(entity.sourcing)
  const update = useMutation(
    api.cases.updateEntity.mutationOptions({
      async onSuccess() {
        onClose()
        await offerUndoOf(entity.id, t('records.saved'))
      },
    }),
  )
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    update.mutate({
      id: entity.id,
      revision: entity.revision,
      fields: { name, tlp, sourcing: { ...sourcing, supports: completeSupports(sourcing.supports) } },
    })
  }
  return (
    <Modal
      opened
      onClose={onClose}
      title={t('records.editTitle')}
      size="lg"
      closeButtonProps={{ 'aria-label': t('common.close') }}
    >
      <form onSubmit={submit} className={styles.form}>
        <TextInput
          label={t('records.name')}
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
          maxLength={300}
          dir="auto"
          required
          data-autofocus
        />
        <TlpField label={t('records.tlp')} value={tlp} onChange={setTlp} />
        <SourcingFields value={sourcing} onChange={setSourcing} exclude={[entity.id]} />
        {update.error ? <ErrorNotice error={update.error} /> : null}
        <div className={styles.formEnd}>
          <Button variant="default" onClick={onClose}>
            {t('common.cancel')}
          </Button>
          <Button type="submit" loading={update.isPending} disabled={!name.trim()}>
            {t('records.save')}
          </Button>
        </div>
      </form>
    </Modal>
  )
}
