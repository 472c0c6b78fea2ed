import { Button, TextInput } from '@mantine/core'
import { IconFolderPlus, IconUpload, IconVideoPlus } from '@tabler/icons-react'
import { useRef, useState, type FormEvent } from 'react'
import { useTranslation } from 'react-i18next'
import { desktop } from '../../client.ts'
import styles from './intake.module.css'
import { addPaths, takeFiles } from './uploads.ts'

function take(input: HTMLInputElement): void {
  takeFiles([...(input.files ?? [])])
  // The same files chosen again are a new choice.
  input.value = ''
}

/** The ways in: drop, the system's dialogs, and paths on the machine that runs Assay. */
export function DropZone({ small }: { readonly small: boolean }) {
  const { t } = useTranslation()
  const files = useRef<HTMLInputElement>(null)
  const folder = useRef<HTMLInputElement>(null)
  const [path, setPath] = useState('')

  const chooseFiles = async (): Promise<void> => {
    if (!desktop) return files.current?.click()
    const paths = await desktop.chooseFiles()
    if (paths.length) addPaths(paths)
  }
  const chooseFolder = async (): Promise<void> => {
    if (!desktop) return folder.current?.click()
    const chosen = await desktop.chooseFolder()
    if (chosen) addPaths([chosen])
  }
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    addPaths([path.trim()])
    setPath('')
  }
  return (
    <section className={styles.zone} data-small={small || undefined} aria-label={t('intake.add')}>
      <IconUpload size={small ? 22 : 34} stroke={1.4} aria-hidden="true" className={styles.zoneIcon} />
      <div className={styles.zoneWords}>
        <strong>{t('intake.drop')}</strong>
        {small ? null : <p className={styles.dim}>{t('intake.dropHelp')}</p>}
      </div>
      <div className={styles.zoneWays}>
        <Button variant="default" leftSection={<IconVideoPlus size={15} />} onClick={() => void chooseFiles()}>
          {t('intake.chooseFiles')}
        </Button>
        <Button variant="default" leftSection={<IconFolderPlus size={15} />} onClick={() => void chooseFolder()}>
          {t('intake.chooseFolder')}
        </Button>
        <form className={styles.pathForm} onSubmit={submit}>
          <TextInput
            aria-label={t('intake.path')}
            placeholder={t('intake.path')}
            value={path}
            onChange={(event) => setPath(event.currentTarget.value)}
            spellCheck={false}
            dir="ltr"
          />
          <Button type="submit" variant="default" disabled={!path.trim()}>
            {t('intake.addPath')}
          </Button>
        </form>
      </div>
      <input
        ref={files}
        type="file"
        multiple
        hidden
        aria-label={t('intake.chooseFiles')}
        data-testid="files"
        onChange={(event) => take(event.currentTarget)}
      />
      <input
        ref={folder}
        type="file"
        hidden
        aria-label={t('intake.chooseFolder')}
        {...{ webkitdirectory: '' }}
        onChange={(event) => take(event.currentTarget)}
      />
    </section>
  )
}
