import { Button } from '@mantine/core'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { api } from '../../client.ts'
import { Loaded } from '../../components/loaded.tsx'
import { notifyDone, notifyFailure } from '../../components/notify.ts'
import { Panel } from '../../components/panel.tsx'
import { instant } from '../../text/format.ts'
import { recordsChanged } from './changed.tsx'
import styles from './records.module.css'

/** What was done to a record, a link or a case, newest first; each step can be taken back, also after days. */
export function History({ subject }: { readonly subject: string }) {
  const { t } = useTranslation()
  const operations = useQuery(api.records.operations.queryOptions({ input: { subject, limit: 100 } }))
  const undo = useMutation(
    api.records.undo.mutationOptions({
      async onSuccess() {
        await recordsChanged()
        notifyDone(t('records.undone'))
      },
      onError: notifyFailure,
    }),
  )
  return (
    <Panel title={t('records.history')} flush>
      <Loaded query={operations}>
        {(list) =>
          list.length ? (
            <ol className={styles.history}>
              {list.map((operation) => (
                <li key={operation.id} data-undone={operation.undoneBy ? true : undefined}>
                  <time dateTime={operation.at}>{instant(operation.at)}</time>
                  <span dir="auto">{operation.title}</span>
                  <bdi className={styles.dim}>{operation.actor}</bdi>
                  {operation.undoneBy ? (
                    <span className={styles.dim}>{t('records.takenBack')}</span>
                  ) : (
                    <Button
                      variant="subtle"
                      size="compact-xs"
                      aria-label={t('records.undoNamed', { title: operation.title })}
                      disabled={undo.isPending}
                      onClick={() => undo.mutate({ operationId: operation.id })}
                    >
                      {t('records.undo')}
                    </Button>
                  )}
                </li>
              ))}
            </ol>
          ) : (
            <p className={styles.padded}>{t('records.noHistory')}</p>
          )
        }
      </Loaded>
    </Panel>
  )
}
