import { Button, Group, Modal } from '@mantine/core'
import { IconFolderPlus, IconPlayerStop, IconRefresh } from '@tabler/icons-react'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { BoardRow } from '../../../main/contract/findings.ts'
import { api } from '../../client.ts'
import { CaseField } from '../../components/case-field.tsx'
import { notifyDone, notifyFailure } from '../../components/notify.ts'
import styles from './triage.module.css'

interface Props {
  readonly rows: readonly BoardRow[]
  readonly onClear: () => void
  readonly onCancel: (jobIds: string[]) => void
  readonly onRetry: (jobIds: string[]) => void
}

/** What can be done to all selected items at once. */
export function BulkBar({ rows, onClear, onCancel, onRetry }: Props) {
  const { t } = useTranslation()
  const [filing, setFiling] = useState(false)
  const [caseId, setCaseId] = useState<string | null>(null)
  const add = useMutation(
    api.cases.addEvidence.mutationOptions({
      onSuccess(detail) {
        notifyDone(t('board.added', { count: rows.length, title: detail.case.title }))
        setFiling(false)
        onClear()
      },
      onError: notifyFailure,
    }),
  )
  const jobs = (states: readonly string[]): string[] =>
    rows.flatMap((row) => (row.job && states.includes(row.job.state) ? row.job.id : []))
  const running = jobs(['queued', 'running'])
  const ended = jobs(['failed', 'cancelled'])
  return (
    <div className={styles.bulk} role="region" aria-label={t('board.bulk')}>
      <strong>{t('board.selected', { count: rows.length })}</strong>
      <Button variant="default" leftSection={<IconFolderPlus size={15} />} onClick={() => setFiling(true)}>
        {t('board.addToCase')}
      </Button>
      {running.length ? (
        <Button variant="default" leftSection={<IconPlayerStop size={15} />} onClick={() => onCancel(running)}>
          {t('board.cancelAll', { count: running.length })}
        </Button>
      ) : null}
      {ended.length ? (
        <Button variant="default" leftSection={<IconRefresh size={15} />} onClick={() => onRetry(ended)}>
          {t('board.retryAll', { count: ended.length })}
        </Button>
      ) : null}
      <Button variant="subtle" color="gray" onClick={onClear}>
        {t('board.clearSelection')}
      </Button>
      <Modal
        opened={filing}
        onClose={() => setFiling(false)}
        title={t('board.addToCaseTitle', { count: rows.length })}
        closeButtonProps={{ 'aria-label': t('common.close') }}
      >
        <CaseField
          label={t('details.case')}
          value={caseId}
          onChange={setCaseId}
          description={t('board.addToCaseHelp')}
        />
        <Group justify="flex-end" gap="xs" mt="lg">
          <Button variant="default" onClick={() => setFiling(false)}>
            {t('common.cancel')}
          </Button>
          <Button
            disabled={!caseId}
            loading={add.isPending}
            onClick={() => caseId && add.mutate({ caseId, evidenceIds: rows.map((row) => row.evidenceId) })}
          >
            {t('board.add')}
          </Button>
        </Group>
      </Modal>
    </div>
  )
}
