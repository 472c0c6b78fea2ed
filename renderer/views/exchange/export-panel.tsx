import { Button, Radio, Select } from '@mantine/core'
import { IconDownload } from '@tabler/icons-react'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { TLP_LEVELS, type Tlp } from '../../../main/contract/common.ts'
import { ExchangeFormat, type ExchangeFile } from '../../../main/contract/exchange.ts'
import { api, queryClient } from '../../client.ts'
import { ErrorNotice } from '../../components/error-notice.tsx'
import { Hash } from '../../components/hash.tsx'
import { KindMark } from '../../components/kind-mark.tsx'
import { Loaded } from '../../components/loaded.tsx'
import { Panel } from '../../components/panel.tsx'
import { TlpBadge } from '../../components/tlp-badge.tsx'
import { bytes, instant, number } from '../../text/format.ts'
import { useKindLabel } from '../search/use-kind-label.ts'
import styles from './exchange.module.css'

/** Chooses a format, says what goes in and which mark the file carries, and writes it. */
export function ExportPanel({ caseId }: { readonly caseId: string | null }) {
  const { t } = useTranslation()
  const kindLabel = useKindLabel()
  const [format, setFormat] = useState<ExchangeFormat>('stix')
  const [tlp, setTlp] = useState<Tlp | null>(null)
  const caseIds = caseId ? [caseId] : []
  const contents = useQuery(api.exchange.contents.queryOptions({ input: { caseIds } }))
  const make = useMutation(
    api.exchange.export.mutationOptions({
      onSuccess: () => queryClient.invalidateQueries({ queryKey: api.exchange.list.key() }),
    }),
  )
  const made = make.data
  return (
    <>
      <Panel title={t('exchange.export.title')}>
        <div className={styles.stack}>
          <p>{t(caseId ? 'exchange.export.thisCase' : 'exchange.export.whole')}</p>
          <Radio.Group
            label={t('exchange.export.format')}
            value={format}
            onChange={(value) => setFormat(value as ExchangeFormat)}
          >
            <div className={styles.choices}>
              {ExchangeFormat.options.map((one) => (
                <Radio size="xs" key={one} value={one} label={t(`exchange.export.formats.${one}`)} />
              ))}
            </div>
          </Radio.Group>
          <p className={styles.dim}>
            {t(`exchange.export.holds.${format}`)} {t('exchange.export.media')}
          </p>
          <Loaded query={contents}>
            {({ counts, tlp: mark }) => (
              <>
                <div>
                  <h3 className={styles.label}>{t('exchange.export.contents')}</h3>
                  {counts.length ? (
                    <ul className={styles.contents}>
                      {counts.map(({ kind, count }) => (
                        <li key={kind}>
                          <span className={styles.kind}>
                            <KindMark kind={kind} />
                            {kindLabel(kind)}
                          </span>
                          <span className={styles.count}>{number(count)}</span>
                        </li>
                      ))}
                    </ul>
                  ) : (
                    <p className={styles.dim}>{t('exchange.export.nothing')}</p>
                  )}
                </div>
                <p className={styles.row}>
                  <span>{t('exchange.export.carries')}</span> <TlpBadge tlp={mark} />
                </p>
                <Select
                  label={t('exchange.export.limit')}
                  description={t('exchange.export.limitHelp')}
                  data={[
                    { value: '', label: t('exchange.export.noLimit') },
                    ...TLP_LEVELS.map((value) => ({ value, label: `TLP:${value}` })),
                  ]}
                  value={tlp ?? ''}
                  onChange={(value) => setTlp((value || null) as Tlp | null)}
                  allowDeselect={false}
                />
                {make.error ? <ErrorNotice error={make.error} /> : null}
                <Button
                  loading={make.isPending}
                  disabled={!counts.length}
                  onClick={() => make.mutate({ format, caseIds, tlp })}
                >
                  {t('exchange.export.action')}
                </Button>
              </>
            )}
          </Loaded>
          {made ? <Ready made={made} /> : null}
        </div>
      </Panel>
      <Made />
    </>
  )
}

/** The browser, and Electron, ask where it is to be saved. */
function Ready({ made }: { readonly made: ExchangeFile }) {
  const { t } = useTranslation()
  return (
    <div className={styles.ready} role="status">
      <p>{t('exchange.export.ready')}</p>
      <Button
        component="a"
        href={made.url}
        download={made.file}
        variant="default"
        leftSection={<IconDownload size={15} />}
        classNames={{ label: styles.fileLabel }}
      >
        {t('exchange.export.save', { file: made.file })}
      </Button>
    </div>
  )
}

function Made() {
  const { t } = useTranslation()
  const made = useQuery(api.exchange.list.queryOptions())
  return (
    <Panel title={t('exchange.export.made')} flush>
      <Loaded query={made}>
        {(files) =>
          files.length ? (
            <ul className={styles.list}>
              {files.slice(0, 20).map((one) => (
                <li key={one.id} className={styles.made}>
                  <p className={styles.row}>
                    <a href={one.url} download={one.file}>
                      {t(`exchange.preview.format.${one.format}`)}
                    </a>
                    <TlpBadge tlp={one.tlp} />
                    <span className={styles.dim}>{bytes(one.bytes)}</span>
                  </p>
                  <p className={styles.dim}>{instant(one.at)}</p>
                  <Hash value={one.sha256} length={20} />
                </li>
              ))}
            </ul>
          ) : (
            <p className={styles.help}>{t('exchange.export.none')}</p>
          )
        }
      </Loaded>
    </Panel>
  )
}
