import { ActionIcon, Button, NumberInput, Select, TextInput } from '@mantine/core'
import { IconPlus, IconX } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Support } from '../../../main/contract/common.ts'
import { api } from '../../client.ts'
import { DatedField } from '../../components/dated-field.tsx'
import { timeCode } from '../../text/format.ts'
import { RecordField } from './record-field.tsx'
import styles from './records.module.css'
import { RegionPicker } from './region-picker.tsx'
import { parseTime } from './time-text.ts'

interface Props {
  readonly value: readonly Support[]
  readonly onChange: (supports: Support[]) => void
}

/** The places that bear an assertion: a stretch and a region of a video, a finding, a page, a captured web page. */
export function SupportsEditor({ value, onChange }: Props) {
  const { t } = useTranslation()
  const add = (support: Support): void => onChange([...value, support])
  return (
    <div className={styles.stack} role="group" aria-label={t('records.supports')}>
      <p className={styles.label}>{t('records.supports')}</p>
      {value.map((support, i) => (
        <div key={i} className={styles.support}>
          <SupportFields value={support} onChange={(next) => onChange(value.with(i, next))} />
          <ActionIcon aria-label={t('records.removeSupport')} onClick={() => onChange(value.toSpliced(i, 1))}>
            <IconX size={15} />
          </ActionIcon>
        </div>
      ))}
      <div className={styles.row}>
        <Button variant="default" leftSection={<IconPlus size={14} />} onClick={() => add({ evidenceId: '' })}>
          {t('records.addVideoSupport')}
        </Button>
        <Button variant="default" leftSection={<IconPlus size={14} />} onClick={() => add({ page: 1 })}>
          {t('records.addPageSupport')}
        </Button>
        <Button variant="default" leftSection={<IconPlus size={14} />} onClick={() => add({ capture: { url: '' } })}>
          {t('records.addCaptureSupport')}
        </Button>
      </div>
    </div>
  )
}

/** What a half-filled row would send that no schema takes is left out. */
export const completeSupports = (supports: readonly Support[]): Support[] =>
  supports.filter(({ evidenceId, findingId, page, capture }) => evidenceId || findingId || page || capture?.url)

function SupportFields({ value, onChange }: { readonly value: Support; readonly onChange: (next: Support) => void }) {
  const { t } = useTranslation()
  const note = (
    <TextInput
      label={t('records.supportNote')}
      value={value.note ?? ''}
      onChange={(event) => onChange({ ...value, note: event.currentTarget.value || undefined })}
      maxLength={500}
      dir="auto"
    />
  )
  if (value.capture) {
    const { capture } = value
    return (
      <div className={styles.supportFields}>
        <TextInput
          label={t('records.captureUrl')}
          description={t('records.captureUrlHelp')}
          value={capture.url}
          onChange={(event) => onChange({ ...value, capture: { ...capture, url: event.currentTarget.value.trim() } })}
          dir="ltr"
        />
        <DatedField
          label={t('records.capturedAt')}
          value={capture.capturedAt ?? null}
          onChange={(at) => onChange({ ...value, capture: { ...capture, capturedAt: at ?? undefined } })}
        />
        <TextInput
          label={t('records.captureHash')}
          value={capture.sha256 ?? ''}
          onChange={(event) =>
            onChange({ ...value, capture: { ...capture, sha256: event.currentTarget.value.trim() || undefined } })
          }
          dir="ltr"
        />
        {note}
      </div>
    )
  }
  if (value.page !== undefined)
    return (
      <div className={styles.supportFields}>
        <RecordField
          label={t('records.pageOf')}
          placeholder={t('records.pageOfSame')}
          kinds={['source']}
          value={value.sourceId ?? null}
          onChange={(sourceId) => onChange({ ...value, sourceId: sourceId ?? undefined })}
        />
        <NumberInput
          label={t('records.page')}
          min={1}
          value={value.page}
          onChange={(page) => onChange({ ...value, page: Math.max(1, Number(page) || 1) })}
        />
        {note}
      </div>
    )
  return <VideoSupport value={value} onChange={onChange} note={note} />
}

function VideoSupport({
  value,
  onChange,
  note,
}: {
  readonly value: Support
  readonly onChange: (next: Support) => void
  readonly note: React.ReactNode
}) {
  const { t } = useTranslation()
  const videos = useQuery(api.findings.board.queryOptions()).data ?? []
  const evidenceId = value.evidenceId || null
  const findings = useQuery({
    ...api.findings.forEvidence.queryOptions({ input: { evidenceId: evidenceId ?? '' } }),
    enabled: evidenceId !== null,
  }).data?.findings
  return (
    <div className={styles.supportFields}>
      <Select
        label={t('records.video')}
        placeholder={t('records.videoPick')}
        data={videos.map((row) => ({ value: row.evidenceId, label: row.name }))}
        value={evidenceId}
        onChange={(next) => onChange({ note: value.note, evidenceId: next ?? '' })}
        searchable
        nothingFoundMessage={t('records.noVideo')}
      />
      <TimeField label={t('records.from')} value={value.start} onChange={(start) => onChange({ ...value, start })} />
      <TimeField label={t('records.to')} value={value.end} onChange={(end) => onChange({ ...value, end })} />
      <Select
        label={t('records.finding')}
        placeholder={t('records.notStated')}
        data={(findings ?? []).map(({ id, output }) => ({ value: id, label: output.id }))}
        value={value.findingId ?? null}
        onChange={(next) => onChange({ ...value, findingId: next ?? undefined })}
        disabled={!findings?.length}
        clearable
      />
      {note}
      {evidenceId ? (
        <RegionPicker
          evidenceId={evidenceId}
          at={value.start ?? 0}
          value={value.region ?? null}
          onChange={(region) => onChange({ ...value, region: region ?? undefined })}
        />
      ) : null}
    </div>
  )
}

interface TimeProps {
  readonly label: string
  readonly value: number | undefined
  readonly onChange: (seconds: number | undefined) => void
}

/** A media time as `1:02.5` or in seconds. */
function TimeField({ label, value, onChange }: TimeProps) {
  const { t } = useTranslation()
  const [text, setText] = useState(value === undefined ? '' : timeCode(value, 2))
  return (
    <TextInput
      label={label}
      placeholder="0:12.50"
      value={text}
      onChange={(event) => {
        setText(event.currentTarget.value)
        const seconds = parseTime(event.currentTarget.value)
        if (seconds !== null || event.currentTarget.value.trim() === '') onChange(seconds ?? undefined)
      }}
      error={text.trim() && parseTime(text) === null ? t('records.timeWrong') : undefined}
      dir="ltr"
    />
  )
}
