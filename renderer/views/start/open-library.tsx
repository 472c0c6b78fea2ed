import { Button } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useState, type FormEvent } from 'react'
import { useTranslation } from 'react-i18next'
import type { z } from 'zod'
import type { RecentLibrary } from '../../../main/contract/library.ts'
import { api, queryClient } from '../../client.ts'
import { ErrorNotice } from '../../components/error-notice.tsx'
import { FolderField } from '../../components/folder-field.tsx'
import { Panel } from '../../components/panel.tsx'
import { shown } from '../../failure.ts'
import { ago } from '../../text/format.ts'
import { Backups } from './backups.tsx'
import styles from './start.module.css'

interface Props {
  readonly recent: z.infer<typeof RecentLibrary>[]
  readonly openFolder: string | null
}

export function OpenLibrary({ recent, openFolder }: Props) {
  const { t } = useTranslation()
  const [folder, setFolder] = useState('')
  const open = useMutation(api.library.open.mutationOptions({ onSuccess: () => queryClient.invalidateQueries() }))
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    open.mutate({ folder: folder.trim() })
  }
  const others = recent.filter((library) => library.folder !== openFolder)
  const damaged = open.isError && shown(open.error, t).code === 'store.corrupt' ? open.variables.folder : null
  return (
    <Panel title={openFolder ? t('start.others') : t('start.recent')} flush>
      {others.length ? (
        <ul className={styles.rows}>
          {others.slice(0, 6).map((library) => (
            <li key={library.folder} className={styles.row}>
              <div className={styles.rowWords}>
                <span className={styles.rowTitle}>{library.name}</span>
                <span className={styles.rowDim} title={library.folder}>
                  {library.present
                    ? `${ago(library.openedAt)} · ${library.folder}`
                    : t('start.absent', { folder: library.folder })}
                </span>
              </div>
              <Button
                variant="default"
                disabled={!library.present || open.isPending}
                onClick={() => open.mutate({ folder: library.folder })}
                aria-label={t('start.openNamed', { name: library.name })}
              >
                {t('start.openAction')}
              </Button>
            </li>
          ))}
        </ul>
      ) : (
        <p className={styles.note}>{t('start.noRecent')}</p>
      )}
      <form className={styles.divided} onSubmit={submit}>
        <FolderField label={t('start.openFolder')} value={folder} onChange={setFolder} />
        {open.isError ? <ErrorNotice error={open.error} /> : null}
        {damaged ? <Backups folder={damaged} /> : null}
        <div className={styles.formEnd}>
          <Button type="submit" variant="default" loading={open.isPending} disabled={!folder.trim()}>
            {t('start.openAction')}
          </Button>
        </div>
      </form>
    </Panel>
  )
}
