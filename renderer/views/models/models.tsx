import { Button } from '@mantine/core'
import { IconShieldCheck } from '@tabler/icons-react'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import type { ModelInfo } from '../../../main/contract/models.ts'
import { api } from '../../client.ts'
import { Hash } from '../../components/hash.tsx'
import { Loaded } from '../../components/loaded.tsx'
import { notifyFailure } from '../../components/notify.ts'
import { PageHeader } from '../../components/page-header.tsx'
import { Panel } from '../../components/panel.tsx'
import { bytes } from '../../text/format.ts'
import { AddModel } from './add-model.tsx'
import styles from './models.module.css'
import { ScrollRegion } from './scroll-region.tsx'
import { StateBadge } from './state-badge.tsx'
import { digits, hasScore, inOrder, isFalsePositives, kindWords, userWords } from './words.ts'

/** All models: those that come with Assay, those of the open library, and the way in for another one. */
export default function Models() {
  const { t } = useTranslation()
  const models = useQuery(api.models.list.queryOptions())
  const library = useQuery(api.library.state.queryOptions())
  const verify = useMutation(api.models.verify.mutationOptions({ onError: notifyFailure }))
  const left = models.data?.filter(({ state }) => state === 'checking').length ?? 0
  return (
    <>
      <PageHeader
        title={t('models.title')}
        lead={t('models.lead')}
        actions={
          <>
            <span role="status" className={styles.dim}>
              {verify.isPending && left ? t('models.verifying', { left }) : ''}
            </span>
            <Button
              variant="default"
              leftSection={<IconShieldCheck size={15} />}
              onClick={() => verify.mutate({})}
              loading={verify.isPending}
              title={t('models.verifyHelp')}
            >
              {t('models.verifyAll')}
            </Button>
          </>
        }
      />
      <div className={styles.page}>
        <Loaded query={library}>
          {({ open }) => (open ? <AddModel /> : <p className={styles.dim}>{t('models.add.needsLibrary')}</p>)}
        </Loaded>
        <Loaded query={models}>
          {(known) => (
            <>
              <Group title={t('models.groups.bundled')} models={known.filter(({ origin }) => origin === 'bundled')}>
                {t('models.noneBundled')}
              </Group>
              {library.data?.open ? (
                <Group title={t('models.groups.library')} models={known.filter(({ origin }) => origin === 'library')}>
                  {t('models.noneAdded')}
                </Group>
              ) : null}
            </>
          )}
        </Loaded>
      </div>
    </>
  )
}

interface GroupProps {
  readonly title: string
  readonly models: readonly ModelInfo[]
  /** What stands where there are none. */
  readonly children: string
}

function Group({ title, models, children }: GroupProps) {
  const { t } = useTranslation()
  const signals = useQuery(api.signals.list.queryOptions()).data ?? []
  if (!models.length)
    return (
      <Panel title={title}>
        <p className={styles.dim}>{children}</p>
      </Panel>
    )
  return (
    <Panel title={title} flush>
      <ScrollRegion label={title}>
        <table className={styles.table} data-models>
          <thead>
            <tr>
              {(['state', 'model', 'usedBy', 'falsePositives', 'calibration', 'file'] as const).map((column) => (
                <th key={column} scope="col" data-column={column}>
                  {t(`models.columns.${column}`)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {models.map((model) => (
              <tr key={model.id}>
                <td>
                  <StateBadge state={model.state} />
                </td>
                <td>
                  <Link href={`/models/${model.id}`} className={`${styles.link} untrusted`}>
                    {model.title}
                  </Link>
                  <span className={styles.under}>
                    {model.version ? (
                      <span className="untrusted">
                        {model.id} {model.version}
                      </span>
                    ) : null}
                    {model.kind ? <span>{kindWords(model.kind, t)}</span> : null}
                    {model.licence ? <span className="untrusted">{model.licence}</span> : null}
                  </span>
                  {model.error ? (
                    <span className={styles.reason}>
                      <span className="untrusted">{model.error.detail ?? model.error.message}</span>{' '}
                      {model.error.remedy}
                    </span>
                  ) : null}
                </td>
                <td className={styles.used}>
                  {model.usedBy.length ? (
                    userWords(model, signals, t).map((words) => <span key={words}>{words}</span>)
                  ) : (
                    <span className={styles.dim}>{t('models.notUsed')}</span>
                  )}
                </td>
                <td>
                  <FalsePositives model={model} />
                </td>
                <td>
                  <CalibrationState model={model} />
                </td>
                <td className={styles.file}>
                  {model.bytes === null ? null : <span>{bytes(model.bytes)}</span>}
                  {model.sha256 ? <Hash value={model.sha256} /> : null}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </ScrollRegion>
    </Panel>
  )
}

/** The first figure of its kind; the rest stands on the model's page. */
function FalsePositives({ model }: { readonly model: ModelInfo }) {
  const { t } = useTranslation()
  const figure = inOrder(model.evaluation).find(isFalsePositives)
  if (!figure) return <span className={styles.dim}>{t('models.notMeasured')}</span>
  return (
    <span className={styles.figure} title={`${figure.metric}, ${figure.data}`}>
      <span>{digits(figure.value)}</span>
      <span className={styles.under}>
        {t('models.page.to', { low: digits(figure.low), high: digits(figure.high) })}, n = {figure.n}
      </span>
    </span>
  )
}

function CalibrationState({ model }: { readonly model: ModelInfo }) {
  const { t } = useTranslation()
  if (!hasScore(model)) return <span className={styles.dim}>{t('common.none')}</span>
  if (!model.calibration) return <span className={styles.dim}>{t('models.uncalibrated')}</span>
  return <span>{t(model.calibration.matches ? 'models.calibrated' : 'models.mismatched')}</span>
}
