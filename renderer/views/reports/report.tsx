import { Button, Menu, Select, TextInput } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { keepPreviousData, useMutation, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import { TLP_LEVELS, type Tlp } from '../../../main/contract/common.ts'
import { ReportLanguage } from '../../../main/contract/report-layout.ts'
import { ReportFormat } from '../../../main/contract/reports.ts'
import { api, queryClient } from '../../client.ts'
import { ErrorNotice } from '../../components/error-notice.tsx'
import { Hash } from '../../components/hash.tsx'
import { Loaded } from '../../components/loaded.tsx'
import { notifyDone } from '../../components/notify.ts'
import { PageHeader } from '../../components/page-header.tsx'
import { Panel } from '../../components/panel.tsx'
import { TlpBadge } from '../../components/tlp-badge.tsx'
import { bytes, instant } from '../../text/format.ts'
import { CheckPanel } from './check-panel.tsx'
import { RedactionPanel } from './redaction-panel.tsx'
import styles from './report.module.css'
import { SealPanel } from './seal-panel.tsx'
import { SectionList } from './section-list.tsx'
import { defaultSettings, keepLanguage, type Settings } from './settings.ts'
import { TemplatePanel } from './template-panel.tsx'

/** The PDF has a button of its own. */
const OTHERS = ReportFormat.options.filter((format) => format !== 'pdf')

/** Chooses what a report holds, shows it as it will read, and exports it. */
export default function Report({ caseId }: { readonly caseId: string }) {
  const { t } = useTranslation()
  const [settings, setSettings] = useState<Settings>(defaultSettings)
  const set = (change: Partial<Settings>): void => setSettings((known) => ({ ...known, ...change }))
  const detail = useQuery(api.cases.get.queryOptions({ input: { id: caseId } }))
  const options = { caseId, ...settings }
  const [settled] = useDebouncedValue(options, 350)
  const preview = useQuery(
    api.reports.preview.queryOptions({ input: settled, placeholderData: keepPreviousData, retry: false }),
  )
  const exported = useMutation(
    api.reports.export.mutationOptions({
      async onSuccess(made) {
        await queryClient.invalidateQueries({ queryKey: api.reports.list.key() })
        notifyDone(t('reporting.exported', { format: t(`reporting.format.${made.format}`) }))
      },
    }),
  )
  const toFile = (format: ReportFormat): void => exported.mutate({ ...options, format })

  return (
    <div className={styles.page}>
      <PageHeader
        title={t('reporting.title')}
        lead={<bdi>{detail.data?.case.title ?? t('reporting.lead')}</bdi>}
        actions={
          <>
            <Button component={Link} href={`/cases/${caseId}`} variant="default">
              {t('reporting.back')}
            </Button>
            <Menu position="bottom-end">
              <Menu.Target>
                <Button variant="default" loading={exported.isPending}>
                  {t('reporting.exportAs')}
                </Button>
              </Menu.Target>
              <Menu.Dropdown>
                {OTHERS.map((format) => (
                  <Menu.Item key={format} onClick={() => toFile(format)}>
                    {t(`reporting.format.${format}`)}
                  </Menu.Item>
                ))}
              </Menu.Dropdown>
            </Menu>
            <Button loading={exported.isPending} onClick={() => toFile('pdf')}>
              {t('reporting.exportPdf')}
            </Button>
          </>
        }
      />
      <div className={styles.columns}>
        <div className={styles.side}>
          {exported.error ? <ErrorNotice error={exported.error} /> : null}
          <TemplatePanel settings={settings} onChange={setSettings} />
          <Panel title={t('reporting.options')}>
            <div className={styles.fields}>
              <TextInput
                label={t('reporting.reportTitle')}
                placeholder={detail.data?.case.title}
                value={settings.title}
                onChange={(event) => set({ title: event.currentTarget.value })}
                maxLength={300}
                dir="auto"
              />
              <Select
                label={t('reporting.tlp')}
                description={t('reporting.tlpHelp')}
                data={[
                  { value: '', label: t('reporting.tlpCase') },
                  ...TLP_LEVELS.map((value) => ({ value, label: `TLP:${value}` })),
                ]}
                value={settings.tlp ?? ''}
                onChange={(value) => set({ tlp: (value || null) as Tlp | null })}
                allowDeselect={false}
              />
              <Select
                label={t('reporting.language')}
                description={t('reporting.languageHelp')}
                data={ReportLanguage.options.map((value) => ({ value, label: t(`reporting.languages.${value}`) }))}
                value={settings.language}
                onChange={(value) => {
                  const language = ReportLanguage.parse(value)
                  keepLanguage(language)
                  set({ language })
                }}
                allowDeselect={false}
              />
              <SectionList settings={settings} onChange={set} />
            </div>
          </Panel>
          <RedactionPanel
            options={options}
            leftover={preview.data?.leftover ?? []}
            onChange={(redaction) => set({ redaction })}
          />
          <SealPanel options={options} />
          <Exports caseId={caseId} />
          <CheckPanel />
        </div>
        <div className={styles.preview}>
          {preview.isError ? (
            <ErrorNotice error={preview.error} onRetry={() => void preview.refetch()} />
          ) : (
            <Loaded query={preview}>
              {({ html }) => (
                // No script, no forms, no navigation: the report is shown, not run.
                <iframe
                  className={styles.frame}
                  sandbox=""
                  srcDoc={html}
                  title={t('reporting.preview')}
                  data-stale={preview.isPlaceholderData || undefined}
                />
              )}
            </Loaded>
          )}
        </div>
      </div>
    </div>
  )
}

function Exports({ caseId }: { readonly caseId: string }) {
  const { t } = useTranslation()
  const exports = useQuery(api.reports.list.queryOptions({ input: { caseId } }))
  return (
    <Panel title={t('reporting.exports')}>
      <Loaded query={exports}>
        {(made) =>
          made.length ? (
            <ul className={styles.exports}>
              {made.map((report) => (
                <li key={report.id}>
                  <p className={styles.exportHead}>
                    {report.url ? (
                      <a href={report.url} download={report.file}>
                        {t(`reporting.format.${report.format}`)}
                      </a>
                    ) : (
                      t(`reporting.format.${report.format}`)
                    )}
                    <TlpBadge tlp={report.tlp} />
                    <span className={styles.dim}>{bytes(report.bytes)}</span>
                  </p>
                  <p className={styles.dim}>
                    {instant(report.at)}
                    {report.url ? null : `, ${t('reporting.elsewhere')}`}
                  </p>
                  <Hash value={report.sha256} length={20} />
                </li>
              ))}
            </ul>
          ) : (
            <p className={styles.dim}>{t('reporting.noExports')}</p>
          )
        }
      </Loaded>
    </Panel>
  )
}
