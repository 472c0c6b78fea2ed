import { Button } from '@mantine/core'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { api, queryClient } from '../../client.ts'
import { ErrorNotice } from '../../components/error-notice.tsx'
import { Loaded } from '../../components/loaded.tsx'
import { bytes, instant } from '../../text/format.ts'
import styles from './start.module.css'

/** The way out of a damaged library: its backups, newest first. */
export function Backups({ folder }: { readonly folder: string }) {
  const { t } = useTranslation()
  const backups = useQuery(api.library.backups.queryOptions({ input: { folder } }))
  const restore = useMutation(api.library.restore.mutationOptions({ onSuccess: () => queryClient.invalidateQueries() }))
  return (
    <section aria-label={t('start.backups')}>
      <p>{t('start.backupsHelp')}</p>
      <Loaded query={backups}>
        {(list) =>
          list.length ? (
            <ul className={styles.rows}>
              {list.map((backup) => (
                <li key={backup.file} className={styles.row}>
                  <div className={styles.rowWords}>
                    <span className={styles.rowTitle}>{instant(backup.createdAt)}</span>
                    <span className={styles.rowDim}>
                      {bytes(backup.bytes)} · {backup.reason}
                    </span>
                  </div>
                  <Button
                    variant="default"
                    loading={restore.isPending && restore.variables.file === backup.file}
                    onClick={() => restore.mutate({ folder, file: backup.file })}
                  >
                    {t('start.restore')}
                  </Button>
                </li>
              ))}
            </ul>
          ) : (
            <p className={styles.note}>{t('start.noBackups')}</p>
          )
        }
      </Loaded>
      {restore.isError ? <ErrorNotice error={restore.error} /> : null}
    </section>
  )
}
