/** After a change to records: what the page shows of them is fetched again, and one click takes the change back. */
import { Button, Group, Text } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import type { Operation } from '../../../main/contract/records.ts'
import { api, client, queryClient } from '../../client.ts'
import { notifyDone, notifyFailure } from '../../components/notify.ts'
import { t } from '../../text/i18n.ts'

/** Fetches again whatever shows records. */
export async function recordsChanged(): Promise<void> {
  await Promise.all(
    [api.cases.key(), api.records.key(), api.graph.key(), api.tradecraft.key(), api.library.activity.key()].map(
      (queryKey) => queryClient.invalidateQueries({ queryKey }),
    ),
  )
}

/** The newest steps on offer. Further ones would wait unseen until an older notice goes. */
const SHOWN = 2
let shown: string[] = []

/** Says what was done and offers to take it back for as long as the notice stands. */
export function offerUndo(operation: Pick<Operation, 'id'>, message: string): void {
  const undo = async (): Promise<void> => {
    notifications.hide(operation.id)
    try {
      await client.records.undo({ operationId: operation.id })
      await recordsChanged()
      notifyDone(t('records.undone'))
    } catch (error) {
      notifyFailure(error)
    }
  }
  shown.push(operation.id)
  for (const older of shown.splice(0, Math.max(0, shown.length - SHOWN))) notifications.hide(older)
  notifications.show({
    id: operation.id,
    message: (
      <Group justify="space-between" wrap="nowrap" gap="sm">
        <Text size="sm" component="span">
          {message}
        </Text>
        <Button variant="default" size="compact-sm" onClick={() => void undo()}>
          {t('records.undo')}
        </Button>
      </Group>
    ),
    autoClose: 12_000,
    withBorder: true,
    closeButtonProps: { 'aria-label': t('common.close') },
    onClose: () => (shown = shown.filter((id) => id !== operation.id)),
  })
}

/** The same for an operation that does not return itself: the newest of its subject. */
export async function offerUndoOf(subject: string, message: string): Promise<void> {
  await recordsChanged()
  const [latest] = await client.records.operations({ subject, limit: 1 })
  if (latest) offerUndo(latest, message)
  else notifyDone(message)
}
