import { Button, TextInput } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { desktop } from '../client.ts'
import styles from './folder-field.module.css'

interface Props {
  readonly label: string
  readonly description?: string
  readonly value: string
  readonly onChange: (folder: string) => void
  readonly error?: string
}

/** A folder on the machine that runs Assay: chosen in the system's dialog where there is one, otherwise typed. */
export function FolderField({ label, description, value, onChange, error }: Props) {
  const { t } = useTranslation()
  const choose = async (): Promise<void> => {
    const folder = await desktop?.chooseFolder()
    if (folder) onChange(folder)
  }
  return (
    <div className={styles.field}>
      <TextInput
        className={styles.input}
        label={label}
        description={description}
        value={value}
        onChange={(event) => onChange(event.currentTarget.value)}
        error={error}
        spellCheck={false}
        dir="ltr"
      />
      {desktop ? (
        <Button variant="default" onClick={() => void choose()}>
          {t('folder.choose')}
        </Button>
      ) : null}
    </div>
  )
}
