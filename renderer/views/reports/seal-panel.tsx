import { Button, Checkbox, PasswordInput, Stack } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState, type FormEvent } from 'react'
import { useTranslation } from 'react-i18next'
import type { SealInput } from '../../../main/contract/bundles.ts'
import { ReportFormat, type ExportedReport, type ReportOptions } from '../../../main/contract/reports.ts'
import { api, client, queryClient } from '../../client.ts'
import { ErrorNotice } from '../../components/error-notice.tsx'
import { Panel } from '../../components/panel.tsx'
import { useTold } from '../../told.ts'
import { KeyList } from './key-list.tsx'
import { OriginalsField, type Originals } from './originals-field.tsx'
import styles from './report.module.css'
import { SealResult } from './seal-result.tsx'
import { Working } from './working.tsx'

/** Seals the case as the options beside it say. Passphrases live no longer than the call. */
export function SealPanel({ options }: { readonly options: ReportOptions }) {
  const { t } = useTranslation()
  const keys = useQuery(api.bundles.keys.queryOptions())
  const [evidence, setEvidence] = useState<Originals>('hashes')
  const [formats, setFormats] = useState<ReportFormat[]>(['pdf', 'html'])
  const [passphrase, setPassphrase] = useState('')
  const [again, setAgain] = useState('')
  const [encrypting, setEncrypting] = useState(false)
  const [encrypt, setEncrypt] = useState('')
  /** What was last asked for, without passphrases. */
  const [asked, setAsked] = useState<SealInput | null>(null)
  const seal = useTold<SealInput, ExportedReport>(
    (input, signal) => client.bundles.seal(input, { signal }),
    forgetAndRefresh,
  )

  function forgetAndRefresh(): void {
    setPassphrase('')
    setAgain('')
    setEncrypt('')
    void queryClient.invalidateQueries({ queryKey: api.reports.list.key() })
    void queryClient.invalidateQueries({ queryKey: api.bundles.keys.key() })
  }

  const inUse = keys.data?.find((key) => key.retiredAt === null)
  const isNew = keys.data !== undefined && !inUse
  const ready =
    passphrase.length >= 12 &&
    formats.length > 0 &&
    (!encrypting || encrypt.length >= 12) &&
    (!isNew || again === passphrase) &&
    (typeof evidence === 'string' || evidence.length > 0)

  function submit(event: FormEvent): void {
    event.preventDefault()
    if (!ready) return
    const input: SealInput = {
      ...options,
      formats,
      evidence,
      passphrase,
      encrypt: encrypting ? encrypt : null,
      out: null,
    }
    setAsked({ ...input, passphrase: '', encrypt: encrypting ? '' : null })
    seal.start(input)
  }

  return (
    <Panel title={t('reporting.sealing.title')}>
      <form className={styles.fields} onSubmit={submit}>
        <p className={styles.dim}>{t('reporting.sealing.lead')}</p>
        <OriginalsField caseId={options.caseId} value={evidence} onChange={setEvidence} />
        <Checkbox.Group
          label={t('reporting.sealing.formats')}
          value={formats}
          onChange={(value) => setFormats(value as ReportFormat[])}
        >
          <Stack gap="0.35rem" mt="0.35rem">
            {ReportFormat.options.map((format) => (
              <Checkbox key={format} size="xs" value={format} label={t(`reporting.format.${format}`)} />
            ))}
          </Stack>
        </Checkbox.Group>
        <PasswordInput
          label={t(isNew ? 'reporting.sealing.newPassphrase' : 'reporting.sealing.passphrase')}
          description={t('reporting.sealing.passphraseHelp')}
          value={passphrase}
          onChange={(event) => setPassphrase(event.currentTarget.value)}
          autoComplete="off"
        />
        {isNew ? (
          <PasswordInput
            label={t('reporting.sealing.again')}
            value={again}
            onChange={(event) => setAgain(event.currentTarget.value)}
            error={again && again !== passphrase ? t('reporting.sealing.notSame') : undefined}
            autoComplete="off"
          />
        ) : null}
        <Checkbox
          size="xs"
          label={t('reporting.sealing.encrypt')}
          checked={encrypting}
          onChange={(event) => setEncrypting(event.currentTarget.checked)}
        />
        {encrypting ? (
          <PasswordInput
            label={t('reporting.sealing.encryptWith')}
            description={t('reporting.sealing.encryptHelp')}
            value={encrypt}
            onChange={(event) => setEncrypt(event.currentTarget.value)}
            autoComplete="off"
          />
        ) : null}
        {seal.state === 'failed' ? <ErrorNotice error={seal.error} /> : null}
        {seal.state === 'running' ? (
          <Working progress={seal.progress} unit="bytes" onCancel={seal.cancel} />
        ) : (
          <Button type="submit" variant="default" disabled={!ready}>
            {t('reporting.sealing.seal')}
          </Button>
        )}
        <div role="status">
          {seal.state === 'cancelled' ? <p className={styles.dim}>{t('reporting.sealing.cancelled')}</p> : null}
          {seal.result && asked ? (
            <SealResult made={seal.result} input={asked} fingerprint={inUse?.fingerprint ?? null} />
          ) : null}
        </div>
        <KeyList keys={keys.data ?? []} />
      </form>
    </Panel>
  )
}
