import { Button, Modal, Select } from '@mantine/core'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useState, type FormEvent, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import { LIKELIHOODS, type DatedValue } from '../../../main/contract/common.ts'
import type { ForecastView } from '../../../main/contract/tradecraft.ts'
import { api, client } from '../../client.ts'
import { DatedField } from '../../components/dated-field.tsx'
import { ErrorNotice } from '../../components/error-notice.tsx'
import { Loaded } from '../../components/loaded.tsx'
import { Panel } from '../../components/panel.tsx'
import { number } from '../../text/format.ts'
import { offerUndoOf } from '../records/changed.tsx'
import recordStyles from '../records/records.module.css'
import { UNSOURCED } from '../records/sourcing.ts'
import { DatedText } from '../records/value-text.tsx'
import styles from './hypotheses.module.css'

/** What was expected by when, and how well it was: likelihood bands, outcomes, Brier scores. */
export function Forecasts({ caseId, action }: { readonly caseId: string; readonly action: ReactNode }) {
  const { t } = useTranslation()
  const [resolving, setResolving] = useState<ForecastView | null>(null)
  const forecasts = useQuery(api.tradecraft.forecasts.queryOptions({ input: { caseId } }))
  return (
    <Panel title={t('forecasts.title')} actions={action}>
      <Loaded query={forecasts}>
        {({ forecasts, resolved, meanBrier }) =>
          forecasts.length ? (
            <>
              <ul className={styles.forecasts}>
                {forecasts.map((forecast) => (
                  <li key={forecast.id}>
                    <Link href={`/records/${forecast.id}`} className={styles.strong}>
                      <bdi>{forecast.event || forecast.name}</bdi>
                    </Link>
                    <span className={styles.dim}>
                      {forecast.horizon ? (
                        <>
                          {t('forecasts.by')} <DatedText value={forecast.horizon} />
                        </>
                      ) : (
                        t('forecasts.noHorizon')
                      )}
                      {forecast.confidence ? ` · ${t('forecasts.confidence', { value: forecast.confidence })}` : ''}
                    </span>
                    <LikelihoodBar forecast={forecast} />
                    <span className={styles.outcome}>
                      <span data-due={forecast.due || undefined}>
                        {forecast.due ? t('forecasts.due') : t(`forecasts.outcome.${forecast.outcome}`)}
                      </span>
                      {forecast.brier === null ? null : (
                        <span>{t('forecasts.brier', { value: number(forecast.brier, 2) })}</span>
                      )}
                      {forecast.outcome === 'open' ? (
                        <Button
                          variant="default"
                          size="compact-xs"
                          onClick={() => setResolving(forecast)}
                          aria-label={t('forecasts.resolveNamed', { name: forecast.event || forecast.name })}
                        >
                          {t('forecasts.resolve')}
                        </Button>
                      ) : null}
                    </span>
                  </li>
                ))}
              </ul>
              <p className={styles.method}>
                {meanBrier === null
                  ? t('forecasts.noneResolved')
                  : t('forecasts.mean', { value: number(meanBrier, 2), count: resolved })}
              </p>
            </>
          ) : (
            <p className={styles.dim}>{t('forecasts.empty')}</p>
          )
        }
      </Loaded>
      {resolving ? <Resolve forecast={resolving} onClose={() => setResolving(null)} /> : null}
    </Panel>
  )
}

/** The band of the forecast on the scale from 0 to 1. */
function LikelihoodBar({ forecast }: { readonly forecast: ForecastView }) {
  const { t } = useTranslation()
  const band = LIKELIHOODS.find(({ id }) => id === forecast.likelihood)
  if (!band) return <span className={styles.dim}>{t('forecasts.noLikelihood')}</span>
  return (
    <span className={styles.likelihood}>
      <span className={styles.scaleBar} aria-hidden="true">
        <span style={{ insetInlineStart: `${band.low * 100}%`, inlineSize: `${(band.high - band.low) * 100}%` }} />
      </span>
      {t('forecasts.band', { label: band.label, low: Math.round(band.low * 100), high: Math.round(band.high * 100) })}
    </span>
  )
}

const today = (): DatedValue => ({ value: new Date().toISOString().slice(0, 10), precision: 'day', zone: 'UTC' })
const OUTCOMES = ['occurred', 'did not occur', 'void'] as const

function Resolve({ forecast, onClose }: { readonly forecast: ForecastView; readonly onClose: () => void }) {
  const { t } = useTranslation()
  const [outcome, setOutcome] = useState<string | null>(null)
  const [on, setOn] = useState<DatedValue | null>(today)
  const resolve = useMutation({
    async mutationFn() {
      let { entity } = await client.records.get({ id: forecast.id })
      for (const [field, value] of [
        ['resolvedOn', on],
        ['outcome', outcome],
      ] as const)
        // prettier-ignore
        if (value)
          ({ entity } = await client.records.assert({
            entityId: entity.id,
            revision: entity.revision,
            assertion: { field, value, sourcing: UNSOURCED },
          }))
    },
    async onSuccess() {
      onClose()
      await offerUndoOf(forecast.id, t('forecasts.resolved'))
    },
  })
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    resolve.mutate()
  }
  return (
    <Modal
      opened
      onClose={onClose}
      title={t('forecasts.resolve')}
      closeButtonProps={{ 'aria-label': t('common.close') }}
    >
      <form onSubmit={submit} className={recordStyles.form}>
        <p dir="auto">{forecast.event || forecast.name}</p>
        <Select
          label={t('forecasts.outcomeLabel')}
          data={OUTCOMES.map((value) => ({ value, label: t(`forecasts.outcome.${value}`) }))}
          value={outcome}
          onChange={setOutcome}
          data-autofocus
        />
        <DatedField label={t('forecasts.resolvedOn')} value={on} onChange={setOn} />
        {resolve.error ? <ErrorNotice error={resolve.error} /> : null}
        <div className={recordStyles.formEnd}>
          <Button variant="default" onClick={onClose}>
            {t('common.cancel')}
          </Button>
          <Button type="submit" disabled={!outcome} loading={resolve.isPending}>
            {t('forecasts.resolve')}
          </Button>
        </div>
      </form>
    </Modal>
  )
}
