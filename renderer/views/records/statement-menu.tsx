import { ActionIcon, Menu } from '@mantine/core'
import { IconAlertCircle, IconDots, IconPencil, IconX } from '@tabler/icons-react'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Statement } from '../../../main/contract/records.ts'
import { api } from '../../client.ts'
import { notifyFailure } from '../../components/notify.ts'
import { offerUndo, recordsChanged } from './changed.tsx'
import { ReasonForm } from './reason-form.tsx'

interface Props {
  readonly of: Statement
  /** What the menu is about, for screen readers: “State: removed”. */
  readonly name: string
  readonly disputed: boolean
  readonly onEdit?: () => void
}

/** What can be done to one value or one relation: correct it, dispute it, withdraw it. */
export function StatementMenu({ of, name, disputed, onEdit }: Props) {
  const { t } = useTranslation()
  const [asking, setAsking] = useState<'dispute' | 'withdraw' | null>(null)
  const done = (message: string) => ({
    async onSuccess({ operation }: { operation: { id: string } }) {
      setAsking(null)
      offerUndo(operation, message)
      await recordsChanged()
    },
    onError: notifyFailure,
  })
  const dispute = useMutation(
    api.records.dispute.mutationOptions(done(t(disputed ? 'records.undisputed' : 'records.disputedDone'))),
  )
  const withdraw = useMutation(api.records.withdraw.mutationOptions(done(t('records.withdrawnDone'))))
  return (
    <>
      <Menu position="bottom-end">
        <Menu.Target>
          <ActionIcon aria-label={t('records.actionsFor', { name })}>
            <IconDots size={15} />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          {onEdit ? (
            <Menu.Item leftSection={<IconPencil size={14} />} onClick={onEdit}>
              {t('records.correct')}
            </Menu.Item>
          ) : null}
          <Menu.Item
            leftSection={<IconAlertCircle size={14} />}
            onClick={() => (disputed ? dispute.mutate({ of, disputed: false, reason: '' }) : setAsking('dispute'))}
          >
            {t(disputed ? 'records.undispute' : 'records.dispute')}
          </Menu.Item>
          <Menu.Item leftSection={<IconX size={14} />} onClick={() => setAsking('withdraw')}>
            {t('records.withdraw')}
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      {asking === 'dispute' ? (
        <ReasonForm
          title={t('records.disputeTitle')}
          text={t('records.disputeText')}
          action={t('records.dispute')}
          required
          busy={dispute.isPending}
          onSubmit={(reason) => dispute.mutate({ of, disputed: true, reason })}
          onClose={() => setAsking(null)}
        />
      ) : null}
      {asking === 'withdraw' ? (
        <ReasonForm
          title={t('records.withdrawTitle')}
          text={t('records.withdrawText')}
          action={t('records.withdraw')}
          busy={withdraw.isPending}
          onSubmit={(reason) => withdraw.mutate({ of, reason })}
          onClose={() => setAsking(null)}
        />
      ) : null}
    </>
  )
}
