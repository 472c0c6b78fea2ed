import { Button, TextInput } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useState, type FormEvent } from 'react'
import { useTranslation } from 'react-i18next'
import { useLocation } from 'wouter'
import { api, queryClient } from '../../client.ts'
import { ErrorNotice } from '../../components/error-notice.tsx'
import { FolderField } from '../../components/folder-field.tsx'
import { Panel } from '../../components/panel.tsx'
import styles from './start.module.css'

interface Props {
  readonly suggestedFolder: string
  /** Shows only a button until it is wanted. */
  readonly collapsed?: boolean
}

export function CreateLibrary({ suggestedFolder, collapsed = false }: Props) {
  const { t } = useTranslation()
  const [, navigate] = useLocation()
  const [shown, setShown] = useState(!collapsed)
  const [name, setName] = useState('')
  const [folder, setFolder] = useState<string | null>(null)
  const create = useMutation(
    api.library.create.mutationOptions({
      async onSuccess() {
        await queryClient.invalidateQueries()
        navigate('/intake')
      },
    }),
  )
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    create.mutate({ folder: folder ?? suggestedFolder, name: name.trim() })
  }
  if (!shown)
    return (
      <div>
        <Button variant="default" onClick={() => setShown(true)}>
          {t('start.createAnother')}
        </Button>
      </div>
    )
  return (
    <Panel title={t('start.create')}>
      <form className={styles.form} onSubmit={submit}>
        <p className={styles.rowDim} style={{ whiteSpace: 'normal' }}>
          {t('start.createHelp')}
        </p>
        <TextInput
          label={t('start.name')}
          placeholder={t('start.namePlaceholder')}
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
          required
          maxLength={200}
        />
        <FolderField
          label={t('start.folder')}
          description={t('start.folderHelp')}
          value={folder ?? suggestedFolder}
          onChange={setFolder}
        />
        {create.isError ? <ErrorNotice error={create.error} /> : null}
        <div className={styles.formEnd}>
          <Button type="submit" loading={create.isPending} disabled={!name.trim()}>
            {t('start.createAction')}
          </Button>
        </div>
      </form>
    </Panel>
  )
}
