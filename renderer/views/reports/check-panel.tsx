import { FileInput, TextInput } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { BundleCheck } from '../../../main/contract/bundles.ts'
import { Panel } from '../../components/panel.tsx'
import styles from './report.module.css'

type Outcome =
  | { readonly state: 'whole' | 'differs'; readonly check: BundleCheck; readonly lines: readonly string[] }
  | { readonly state: 'refused'; readonly lines: readonly string[] }

/** The same verifier that lies in each bundle, on a file as it lies on this machine. */
async function examine(file: File, fingerprint: string): Promise<Outcome> {
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
    const check = await checkBundle(await openZip(blobSource(file)), browserTools, { fingerprint })
    return { state: check.ok ? 'whole' : 'differs', check, lines: checkLines(check) }
  } catch (error) {
    const code = error instanceof BundleRefused ? error.code : 'unreadable'
    return { state: 'refused', lines: [`${shown((error as Error).message)} (${code})`] }
  }
}

/** Checks a bundle that somebody sent. */
export function CheckPanel() {
  const { t } = useTranslation()
  const [file, setFile] = useState<File | null>(null)
  const [key, setKey] = useState('')
  const run = useMutation({ mutationFn: (chosen: File) => examine(chosen, key) })
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
            if (chosen) run.mutate(chosen)
          }}
        />
        <div role="status" className={styles.outcome}>
          {run.isPending ? <p>{t('reporting.checking.reading')} …</p> : null}
          {run.data && !run.isPending ? (
            <>
              <p className={styles.exportHead} data-state={run.data.state}>
                {t(`reporting.checking.${run.data.state}`)}
              </p>
              {run.data.lines.map((line) => (
                <p key={line} className={styles.dim} dir="auto">
                  {line}
                </p>
              ))}
            </>
          ) : null}
        </div>
      </div>
    </Panel>
  )
}
