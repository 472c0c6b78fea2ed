import { Button, FileInput, PasswordInput, TextInput } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { BundleCheck } from '../../../main/contract/bundles.ts'
import { ErrorNotice } from '../../components/error-notice.tsx'
import { Panel } from '../../components/panel.tsx'
import { giveBundle, type GivenBundle } from './given-bundle.ts'
import { MergeView } from './merge-view.tsx'
import styles from './report.module.css'
import { RerunView } from './rerun-view.tsx'

type Outcome =
  | { readonly state: 'whole' | 'differs'; readonly check: BundleCheck; readonly lines: readonly string[] }
  | { readonly state: 'refused'; readonly code: string; readonly lines: readonly string[] }

/** The same verifier that lies in each bundle, on a file as it lies on this machine. */
async function examine(file: File, fingerprint: string, passphrase: string): Promise<Outcome> {
  const [{ checkBundle }, { openZip }, { checkLines }, { BundleRefused, shown }, { browserTools }, { blobSource }] =
    await Promise.all([
      import('../../../main/reports/verify/check.ts'),
      import('../../../main/reports/verify/zip.ts'),
      import('../../../main/reports/verify/words.ts'),
      import('../../../main/reports/verify/package.ts'),
      import('../../verifier/browser-tools.ts'),
      import('../../verifier/chosen-files.ts'),
    ])
  try {
    const contents = await openZip(blobSource(file), browserTools, passphrase || null)
    const check = await checkBundle(contents, browserTools, { fingerprint })
    return { state: check.ok ? 'whole' : 'differs', check, lines: checkLines(check) }
  } catch (error) {
    const code = error instanceof BundleRefused ? error.code : 'unreadable'
    return { state: 'refused', code, lines: [`${shown((error as Error).message)} (${code})`] }
  }
}

/** Checks a bundle that somebody sent; then its findings can be repeated, or it can be merged. */
export function CheckPanel() {
  const { t } = useTranslation()
  const [file, setFile] = useState<File | null>(null)
  const [key, setKey] = useState('')
  const [passphrase, setPassphrase] = useState('')
  const [doing, setDoing] = useState<'rerun' | 'merge' | null>(null)
  const run = useMutation({ mutationFn: (chosen: File) => examine(chosen, key, passphrase) })
  const give = useMutation({ mutationFn: (chosen: File) => giveBundle(chosen, passphrase, key) })
  const outcome = run.isPending ? undefined : run.data
  const encrypted = outcome?.state === 'refused' && outcome.code === 'bundle.encrypted'

  function check(chosen: File): void {
    setDoing(null)
    give.reset()
    run.mutate(chosen)
  }
  function begin(what: 'rerun' | 'merge'): void {
    setDoing(what)
    if (file && !give.data) give.mutate(file)
  }
  const given: GivenBundle | undefined = give.data

  return (
    <Panel title={t('reporting.checking.title')}>
      <div className={styles.fields}>
        <p className={styles.dim}>{t('reporting.checking.lead')}</p>
        <TextInput
          label={t('reporting.checking.key')}
          value={key}
          onChange={(event) => setKey(event.currentTarget.value)}
          spellCheck={false}
          dir="ltr"
        />
        <FileInput
          label={t('reporting.checking.file')}
          placeholder={t('reporting.checking.choose')}
          accept=".zip,application/zip"
          value={file}
          onChange={(chosen) => {
            setFile(chosen)
            if (chosen) check(chosen)
          }}
        />
        {encrypted || passphrase ? (
          <form
            className={styles.fields}
            onSubmit={(event) => {
              event.preventDefault()
              if (file) check(file)
            }}
          >
            <PasswordInput
              label={t('reporting.checking.passphrase')}
              value={passphrase}
              onChange={(event) => setPassphrase(event.currentTarget.value)}
              autoComplete="off"
            />
            <Button type="submit" variant="default" disabled={!passphrase || !file}>
              {t('reporting.checking.open')}
            </Button>
          </form>
        ) : null}
        <div role="status" className={styles.outcome}>
          {run.isPending ? <p>{t('reporting.checking.reading')} …</p> : null}
          {outcome ? (
            <>
              <p className={styles.exportHead} data-state={outcome.state}>
                {t(`reporting.checking.${outcome.state}`)}
              </p>
              {outcome.lines.map((line) => (
                <p key={line} className={styles.dim} dir="auto">
                  {line}
                </p>
              ))}
            </>
          ) : null}
        </div>
        {outcome && outcome.state !== 'refused' ? (
          <div className={styles.buttons}>
            <Button variant={doing === 'rerun' ? 'light' : 'default'} onClick={() => begin('rerun')}>
              {t('reporting.rerunning.title')}
            </Button>
            <Button
              variant={doing === 'merge' ? 'light' : 'default'}
              disabled={outcome.state !== 'whole'}
              onClick={() => begin('merge')}
            >
              {t('reporting.merging.title')}
            </Button>
          </div>
        ) : null}
        {give.isPending ? <p role="status">{t('reporting.checking.handing')} …</p> : null}
        {give.error ? <ErrorNotice error={give.error} /> : null}
        {given && doing === 'rerun' ? <RerunView given={given} /> : null}
        {given && doing === 'merge' ? <MergeView given={given} onClose={() => setDoing(null)} /> : null}
      </div>
    </Panel>
  )
}
