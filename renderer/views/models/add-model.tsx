import { Button, Loader } from '@mantine/core'
import { IconFileZip, IconFolderPlus } from '@tabler/icons-react'
import { useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import { desktop } from '../../client.ts'
import { ErrorNotice } from '../../components/error-notice.tsx'
import { WayIn } from '../../components/way-in.tsx'
import { useKept } from '../../kept.ts'
import { adding, addModelPath, dismissAdding, takeModel } from './adding.ts'
import styles from './models.module.css'

function take(input: HTMLInputElement): void {
  takeModel([...(input.files ?? [])])
  // The same files chosen again are a new choice.
  input.value = ''
}

/** The ways in for a model, and what came of the last one. */
export function AddModel() {
  const { t } = useTranslation()
  const [{ busy }] = useKept(adding)
  const zip = useRef<HTMLInputElement>(null)
  const folder = useRef<HTMLInputElement>(null)

  const chooseZip = async (): Promise<void> => {
    if (!desktop) return zip.current?.click()
    const [chosen] = await desktop.chooseFiles()
    if (chosen) addModelPath(chosen)
  }
  const chooseFolder = async (): Promise<void> => {
    if (!desktop) return folder.current?.click()
    const chosen = await desktop.chooseFolder()
    if (chosen) addModelPath(chosen)
  }
  return (
    <WayIn
      label={t('models.add.title')}
      lead={t('models.add.drop')}
      help={t('models.add.help')}
      path={{ label: t('models.add.path'), take: t('models.add.addPath'), onPath: addModelPath }}
      busy={busy !== null}
      ways={
        <>
          <Button
            variant="default"
            leftSection={<IconFileZip size={15} />}
            onClick={() => void chooseZip()}
            disabled={busy !== null}
          >
            {t('models.add.chooseZip')}
          </Button>
          <Button
            variant="default"
            leftSection={<IconFolderPlus size={15} />}
            onClick={() => void chooseFolder()}
            disabled={busy !== null}
          >
            {t('models.add.chooseFolder')}
          </Button>
        </>
      }
    >
      <Outcome />
      <input
        ref={zip}
        type="file"
        accept=".zip,application/zip"
        hidden
        aria-label={t('models.add.chooseZip')}
        data-testid="model-zip"
        onChange={(event) => take(event.currentTarget)}
      />
      <input
        ref={folder}
        type="file"
        hidden
        aria-label={t('models.add.chooseFolder')}
        {...{ webkitdirectory: '' }}
        onChange={(event) => take(event.currentTarget)}
      />
    </WayIn>
  )
}

function Outcome() {
  const { t } = useTranslation()
  const [{ busy, error, done }] = useKept(adding)
  if (busy !== null)
    return (
      <div className={styles.outcome} role="status">
        <Loader size={14} color="var(--accent)" aria-hidden="true" />
        <span className="untrusted">{t('models.add.busy', { name: busy })}</span>
      </div>
    )
  if (error)
    return (
      <div className={styles.outcome}>
        <ErrorNotice error={error} />
        <Button variant="default" onClick={dismissAdding}>
          {t('common.close')}
        </Button>
      </div>
    )
  if (!done) return null
  return (
    <div className={styles.outcome} role="status">
      <Link href={`/models/${done.id}`} className={`${styles.link} untrusted`}>
        {t('models.add.done', { title: done.title })}
      </Link>
      {done.leftOut.length ? (
        <span className={`${styles.dim} untrusted`}>
          {t('models.add.leftOut', { names: done.leftOut.slice(0, 20).join(', ') })}
        </span>
      ) : null}
    </div>
  )
}
