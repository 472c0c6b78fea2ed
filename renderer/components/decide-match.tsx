import { Button, Group, Modal, Text, Textarea } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useState, type FormEvent } from 'react'
import { useTranslation } from 'react-i18next'
import { api } from '../client.ts'
import { notifyDone, notifyFailure } from './notify.ts'

interface Props {
  readonly matchId: string
  /** Null: nothing is being decided. */
  readonly decision: 'accept' | 'reject' | null
  readonly onClose: () => void
}

/** Asks for the reason of a decision about a match, and makes it. A rejection needs one. */
export function DecideMatch({ matchId, decision, onClose }: Props) {
  const { t } = useTranslation()
  const [reason, setReason] = useState('')
  const decide = useMutation(
    api.matching.decide.mutationOptions({
      onSuccess(match) {
        notifyDone(t(match.state === 'rejected' ? 'footage.rejected' : 'footage.accepted'))
        setReason('')
        onClose()
      },
      onError: notifyFailure,
    }),
  )
  const rejecting = decision === 'reject'
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    if (decision) decide.mutate({ id: matchId, decision, reason: reason.trim() })
  }
  return (
    <Modal
      opened={decision !== null}
      onClose={onClose}
      title={t(rejecting ? 'footage.rejectTitle' : 'footage.acceptTitle')}
      closeButtonProps={{ 'aria-label': t('common.close') }}
    >
      <form onSubmit={submit}>
        <Text size="sm">{t(rejecting ? 'footage.rejectHelp' : 'footage.acceptHelp')}</Text>
        <Textarea
          mt="sm"
          label={t('footage.reason')}
          required={rejecting}
          maxLength={500}
          autosize
          minRows={2}
          dir="auto"
          data-autofocus
          value={reason}
          onChange={(event) => setReason(event.currentTarget.value)}
        />
        <Group justify="flex-end" gap="xs" mt="lg">
          <Button variant="default" onClick={onClose}>
            {t('common.cancel')}
          </Button>
          <Button type="submit" loading={decide.isPending} disabled={rejecting && !reason.trim()}>
            {t(rejecting ? 'footage.rejectTitle' : 'footage.accept')}
          </Button>
        </Group>
      </form>
    </Modal>
  )
}
