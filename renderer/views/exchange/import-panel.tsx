import { Button } from '@mantine/core'
import { IconArrowBackUp, IconFileImport } from '@tabler/icons-react'
import { useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import { desktop } from '../../client.ts'
import { ErrorNotice } from '../../components/error-notice.tsx'
import { Panel } from '../../components/panel.tsx'
import { ProgressLine } from '../../components/progress-line.tsx'
import { WayIn } from '../../components/way-in.tsx'
import { useKept } from '../../kept.ts'
import styles from './exchange.module.css'
import { cancelImporting, importing, lookAtPath, startOver, takeBack, takeExchangeFiles, type Importing } from './importing.ts' // prettier-ignore
import { Preview } from './preview.tsx'

/** A file on its way in: chosen, looked at, imported, and taken back if need be. */
export function ImportPanel({ caseId }: { readonly caseId: string | null }) {
  const { t } = useTranslation()
  const [state] = useKept(importing)
  const { busy, error, preview, done } = state
  return (
    <>
      <Panel title={t('exchange.import.title')}>
        <div className={styles.stack}>
          {done ? (
            <Done done={done} undone={state.undone} busy={busy !== null} caseId={caseId} />
          ) : (
            <Ways busy={busy !== null} />
          )}
          {busy ? <Busy state={state} /> : null}
          {error ? <ErrorNotice error={error} /> : null}
        </div>
      </Panel>
      {preview ? <Preview preview={preview} busy={busy} caseId={caseId} /> : null}
    </>
  )
}

/** Drop, the system's dialog, and a path on the machine that runs Assay. */
function Ways({ busy }: { readonly busy: boolean }) {
  const { t } = useTranslation()
  const input = useRef<HTMLInputElement>(null)
  const choose = async (): Promise<void> => {
    if (!desktop) return input.current?.click()
    const [chosen] = await desktop.chooseFiles()
    if (chosen) lookAtPath(chosen)
  }
  return (
    <WayIn
      label={t('exchange.import.drop')}
      lead={t('exchange.import.drop')}
      help={t('exchange.import.help')}
      path={{ label: t('exchange.import.path'), take: t('exchange.import.look'), onPath: lookAtPath }}
      busy={busy}
      ways={
        <Button
          variant="default"
          leftSection={<IconFileImport size={15} />}
          onClick={() => void choose()}
          disabled={busy}
        >
          {t('exchange.import.choose')}
        </Button>
      }
    >
      <input
        ref={input}
        type="file"
        accept=".json,.stix,.csv,.tsv,.txt,application/json,text/csv"
        hidden
        data-testid="exchange-file"
        aria-label={t('exchange.import.choose')}
        onChange={(event) => {
          takeExchangeFiles([...(event.currentTarget.files ?? [])])
          // The same file chosen again is a new choice.
          event.currentTarget.value = ''
        }}
      />
    </WayIn>
  )
}

function Busy({ state: { name, busy, progress } }: { readonly state: Importing }) {
  const { t } = useTranslation()
  const label =
    busy?.what === 'undoing'
      ? t('exchange.done.undoing')
      : busy?.what === 'sending'
        ? t('exchange.import.sending', { name })
        : t(`exchange.import.phase.${progress?.phase ?? 'reading'}`, { name })
  return (
    <div className={styles.busy} role="status">
      <div className="untrusted">
        <ProgressLine fraction={progress?.fraction ?? null} label={label} secondsLeft={progress?.secondsLeft ?? null} />
      </div>
      {busy?.what === 'undoing' ? null : (
        <Button variant="default" size="compact-sm" onClick={cancelImporting}>
          {t('exchange.import.cancel')}
        </Button>
      )}
    </div>
  )
}

interface DoneProps {
  readonly done: NonNullable<Importing['done']>
  readonly undone: boolean
  readonly busy: boolean
  readonly caseId: string | null
}

function Done({ done, undone, busy, caseId }: DoneProps) {
  const { t } = useTranslation()
  const { operation, caseIds } = done
  const [first, ...others] = caseIds
  return (
    <div className={styles.done}>
      <p role="status">
        <strong>
          {undone
            ? t('exchange.done.undone')
            : operation
              ? t('exchange.done.text', { ...done })
              : t('exchange.done.nothing')}
        </strong>
      </p>
      <div className={styles.row}>
        {operation && !undone ? (
          <Button
            variant="default"
            leftSection={<IconArrowBackUp size={15} />}
            disabled={busy}
            onClick={() => void takeBack()}
          >
            {t('exchange.done.undo')}
          </Button>
        ) : null}
        {operation && !undone && first && first !== caseId ? (
          <Button component={Link} variant="default" href={others.length ? '/cases' : `/cases/${first}`}>
            {t(others.length ? 'exchange.done.openCases' : 'exchange.done.openCase')}
          </Button>
        ) : null}
        {operation && !undone && !first ? (
          <Button component={Link} variant="default" href="/search">
            {t('exchange.done.find')}
          </Button>
        ) : null}
        <Button disabled={busy} onClick={startOver}>
          {t('exchange.done.another')}
        </Button>
      </div>
    </div>
  )
}
