import { Button, Group, Modal, Text } from '@mantine/core'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'

interface Props {
  readonly opened: boolean
  readonly title: string
  /** What will happen, and what stays as it is. */
  readonly children: ReactNode
  /** The verb on the button that does it. */
  readonly action: string
  readonly onConfirm: () => void
  readonly onClose: () => void
  readonly busy?: boolean
}

/** Asks before something that cannot be undone with one click. */
export function Confirm({ opened, title, children, action, onConfirm, onClose, busy = false }: Props) {
  const { t } = useTranslation()
  return (
    <Modal opened={opened} onClose={onClose} title={title} closeButtonProps={{ 'aria-label': t('common.close') }}>
      <Text size="sm" component="div">
        {children}
      </Text>
      <Group justify="flex-end" gap="xs" mt="lg">
        <Button variant="default" onClick={onClose} data-autofocus>
          {t('common.cancel')}
        </Button>
        <Button onClick={onConfirm} loading={busy}>
          {action}
        </Button>
      </Group>
    </Modal>
  )
}
