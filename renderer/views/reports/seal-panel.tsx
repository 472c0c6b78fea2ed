import { Button, Checkbox, PasswordInput, Radio, Stack } from '@mantine/core'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { ReportFormat, type ReportOptions } from '../../../main/contract/reports.ts'
import { api, queryClient } from '../../client.ts'
import { ErrorNotice } from '../../components/error-notice.tsx'
import { Hash } from '../../components/hash.tsx'
import { notifyDone } from '../../components/notify.ts'
import { Panel } from '../../components/panel.tsx'
import styles from './report.module.css'

/** Seals the case as the options beside it say. The passphrase lives no longer than the call. */
export function SealPanel({ options }: { readonly options: ReportOptions }) {
  const { t } = useTranslation()
  const keys = useQuery(api.bundles.keys.queryOptions())
  const [evidence, setEvidence] = useState<'hashes' | 'all'>('hashes')
  const [formats, setFormats] = useState<ReportFormat[]>(['pdf', 'html'])
  const [passphrase, setPassphrase] = useState('')
  const [again, setAgain] = useState('')
  const seal = useMutation(
    api.bundles.seal.mutationOptions({
      async onSuccess() {
        setPassphrase('')
        setAgain('')
        await queryClient.invalidateQueries({ queryKey: api.reports.list.key() })
        await queryClient.invalidateQueries({ queryKey: api.bundles.keys.key() })
        notifyDone(t('reporting.sealing.sealed'))
      },
    }),
  )
  const inUse = keys.data?.find((key) => key.retiredAt === null)
  const isNew = keys.data !== undefined && !inUse
  const ready = passphrase.length >= 12 && formats.length > 0 && (!isNew || again === passphrase)

  return (
    <Panel title={t('reporting.sealing.title')}>
      <form
        className={styles.fields}
        onSubmit={(event) => {
          event.preventDefault()
          if (ready) seal.mutate({ ...options, formats, evidence, passphrase })
        }}
      >
        <p className={styles.dim}>{t('reporting.sealing.lead')}</p>
        <Radio.Group
          label={t('reporting.sealing.evidence')}
          value={evidence}
          onChange={(value) => setEvidence(value as typeof evidence)}
        >
          <Stack gap="0.35rem" mt="0.35rem">
            <Radio size="xs" value="hashes" label={t('reporting.sealing.hashes')} />
            <Radio size="xs" value="all" label={t('reporting.sealing.all')} />
          </Stack>
        </Radio.Group>
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
        {seal.error ? <ErrorNotice error={seal.error} /> : null}
        <Button type="submit" variant="default" loading={seal.isPending} disabled={!ready}>
          {t('reporting.sealing.seal')}
        </Button>
        {inUse ? (
          <div>
            <p className={styles.exportHead}>{t('reporting.sealing.key')}</p>
            <Hash value={inUse.fingerprint} length={20} />
            <p className={styles.dim}>{t('reporting.sealing.keyHelp')}</p>
          </div>
        ) : null}
      </form>
    </Panel>
  )
}
