import { Button } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { IconArrowLeft, IconShieldCheck, IconTrash } from '@tabler/icons-react'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { Link, useLocation } from 'wouter'
import type { ModelDetail } from '../../../main/contract/models.ts'
import { api } from '../../client.ts'
import { Confirm } from '../../components/confirm.tsx'
import { ErrorNotice } from '../../components/error-notice.tsx'
import { Fact, Facts } from '../../components/facts.tsx'
import { Hash } from '../../components/hash.tsx'
import { Loaded } from '../../components/loaded.tsx'
import { notifyDone, notifyFailure } from '../../components/notify.ts'
import { PageHeader } from '../../components/page-header.tsx'
import { Panel } from '../../components/panel.tsx'
import { bytes, instant, number } from '../../text/format.ts'
import { CalibrationPanel } from './calibration-panel.tsx'
import { EvaluationTable } from './evaluation-table.tsx'
import styles from './models.module.css'
import { ScrollRegion } from './scroll-region.tsx'
import { StateBadge } from './state-badge.tsx'
import { kindWords, userWords } from './words.ts'

/** One model: what it is for, where it fails, what was measured, and the file behind it. */
export default function ModelPage({ id }: { readonly id: string }) {
  const model = useQuery(api.models.get.queryOptions({ input: { id } }))
  return <Loaded query={model}>{(found) => <Found model={found} />}</Loaded>
}

function Found({ model }: { readonly model: ModelDetail }) {
  const { t } = useTranslation()
  const { id, title, version, origin, state, error, card, evaluation, readme } = model
  const verify = useMutation(
    api.models.verify.mutationOptions({
      onSuccess: ([checked]) => checked?.state === 'verified' && notifyDone(t('models.verified', { title })),
      onError: notifyFailure,
    }),
  )
  return (
    <>
      <PageHeader
        title={<span className="untrusted">{title}</span>}
        documentTitle={title}
        lead={
          <span className={styles.lead}>
            <StateBadge state={state} />
            <span className="untrusted">
              {id} {version}
            </span>
            <span>{t(`models.page.origins.${origin}`)}</span>
          </span>
        }
        actions={
          <>
            <Button variant="default" component={Link} href="/models" leftSection={<IconArrowLeft size={15} />}>
              {t('models.back')}
            </Button>
            <Button
              variant="default"
              leftSection={<IconShieldCheck size={15} />}
              onClick={() => verify.mutate({ ids: [id] })}
              loading={verify.isPending}
              title={t('models.verifyHelp')}
            >
              {t('models.verify')}
            </Button>
            {origin === 'library' ? <Remove model={model} /> : null}
          </>
        }
      />
      <div className={styles.page}>
        {error ? <ErrorNotice error={error} /> : null}
        <div className={styles.columns}>
          <div className={styles.column}>
            {card ? (
              <>
                <Panel title={t('models.page.intendedUse')}>
                  <p className={styles.prose}>{card.intendedUse}</p>
                </Panel>
                <Panel title={t('models.page.knownFailures')}>
                  {card.knownFailures.length ? (
                    <ul className={styles.list}>
                      {card.knownFailures.map((failure) => (
                        <li key={failure} dir="auto">
                          {failure}
                        </li>
                      ))}
                    </ul>
                  ) : (
                    <p className={styles.dim}>{t('models.page.noFailures')}</p>
                  )}
                </Panel>
                <EvaluationTable figures={evaluation} />
              </>
            ) : null}
            <Panel title={t('models.page.readme')}>
              {readme ? (
                <>
                  <p className={styles.dim}>{t('models.page.readmeHelp')}</p>
                  <ScrollRegion label={t('models.page.readme')}>
                    <pre className={styles.readme} dir="auto">
                      {readme}
                    </pre>
                  </ScrollRegion>
                </>
              ) : (
                <p className={styles.dim}>{t('models.page.noReadme')}</p>
              )}
            </Panel>
          </div>
          <div className={styles.column}>
            <CalibrationPanel model={model} />
            <FilePanel model={model} />
          </div>
        </div>
      </div>
    </>
  )
}

function FilePanel({ model }: { readonly model: ModelDetail }) {
  const { t } = useTranslation()
  const signals = useQuery(api.signals.list.queryOptions()).data ?? []
  const { card, trial, usedBy } = model
  return (
    <Panel title={t('models.page.file')}>
      <Facts>
        {model.sha256 ? (
          <Fact name="SHA-256">
            <Hash value={model.sha256} length={16} />
          </Fact>
        ) : null}
        {model.bytes === null ? null : <Fact name={t('models.page.size')}>{bytes(model.bytes)}</Fact>}
        {model.licence ? (
          <Fact name={t('models.page.licence')}>
            <span className="untrusted">{model.licence}</span>
          </Fact>
        ) : null}
        {model.kind ? <Fact name={t('models.page.kind')}>{kindWords(model.kind, t)}</Fact> : null}
        <Fact name={t('models.page.usedBy')}>
          {usedBy.length ? userWords(model, signals, t).join(', ') : t('models.notUsed')}
        </Fact>
        {model.addedAt ? <Fact name={t('models.page.added')}>{instant(model.addedAt)}</Fact> : null}
        <Fact name={t('models.page.trial')}>
          {trial
            ? t('models.page.trialText', {
                seconds: number(trial.seconds, 1),
                memory: bytes(trial.peakBytes),
                when: instant(trial.at),
              })
            : t('models.page.noTrial')}
        </Fact>
        {model.opset === null ? null : (
          <Fact name={t('models.page.operators')}>
            <details>
              <summary>{t('models.page.operatorsText', { count: model.operators.length, opset: model.opset })}</summary>
              <span className="untrusted">{model.operators.join(', ')}</span>
            </details>
          </Fact>
        )}
        {card ? (
          <>
            <Fact name={t('models.page.inputs')}>
              <Tensors tensors={card.inputs} />
            </Fact>
            <Fact name={t('models.page.outputs')}>
              <Tensors tensors={card.outputs} />
            </Fact>
            <Fact name={t('models.page.build')}>
              <code className={`${styles.code} untrusted`}>{card.build}</code>
            </Fact>
          </>
        ) : null}
      </Facts>
    </Panel>
  )
}

function Tensors({ tensors }: { readonly tensors: NonNullable<ModelDetail['card']>['inputs'] }) {
  return (
    <ul className={styles.tensors}>
      {tensors.map(({ name, dtype, dims, meaning }) => (
        <li key={name}>
          <code className={`${styles.code} untrusted`}>
            {name} {dtype} {dims.join('×')}
          </code>
          <span className={`${styles.dim} untrusted`}>{meaning}</span>
        </li>
      ))}
    </ul>
  )
}

function Remove({ model }: { readonly model: ModelDetail }) {
  const { t } = useTranslation()
  const [, navigate] = useLocation()
  const [asking, { open, close }] = useDisclosure(false)
  const remove = useMutation(
    api.models.remove.mutationOptions({
      onSuccess: () => {
        notifyDone(t('models.removed', { title: model.title }))
        navigate('/models')
      },
      onError: notifyFailure,
    }),
  )
  return (
    <>
      <Button variant="default" leftSection={<IconTrash size={15} />} onClick={open}>
        {t('models.remove')}
      </Button>
      <Confirm
        opened={asking}
        title={t('models.removeTitle')}
        action={t('models.remove')}
        onConfirm={() => remove.mutate({ id: model.id })}
        onClose={close}
        busy={remove.isPending}
      >
        {t('models.removeText')}
      </Confirm>
    </>
  )
}
