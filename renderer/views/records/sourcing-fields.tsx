import { Select } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { LIKELIHOODS, type Likelihood, type Sourcing } from '../../../main/contract/common.ts'
import { DatedField } from '../../components/dated-field.tsx'
import { percent } from '../../text/format.ts'
import { RecordField } from './record-field.tsx'
import styles from './records.module.css'
import { CREDIBILITIES, RELIABILITIES } from './sourcing.ts'
import { SupportsEditor } from './supports-editor.tsx'

interface Props {
  readonly value: Sourcing
  readonly onChange: (sourcing: Sourcing) => void
  readonly caseId?: string | null
  /** The source that is being described cannot cite itself. */
  readonly exclude?: readonly string[]
}

/** Who says so, how far it is trusted, and what bears it: the same block in every form. */
export function SourcingFields({ value, onChange, caseId, exclude }: Props) {
  const { t } = useTranslation()
  const set = (change: Partial<Sourcing>): void => onChange({ ...value, ...change })
  const band = LIKELIHOODS.find(({ id }) => id === value.likelihood)
  return (
    <fieldset className={styles.sourcing}>
      <legend>{t('records.sourcing')}</legend>
      <RecordField
        label={t('records.source')}
        description={t('records.sourceHelp')}
        placeholder={t('records.analyst')}
        kinds={['source']}
        value={value.sourceId}
        onChange={(sourceId, record) => {
          // A source that was graded once brings its grade along.
          const grade = RELIABILITIES.find((known) => known === record?.reliability)
          set({ sourceId, ...(grade ? { reliability: grade } : {}) })
        }}
        caseId={caseId}
        exclude={exclude}
      />
      <div className={styles.two}>
        <Select
          label={t('records.reliabilityLabel')}
          description={t(`records.reliability.${value.reliability}`)}
          inputWrapperOrder={['label', 'input', 'description', 'error']}
          data={RELIABILITIES.map((grade) => ({
            value: grade,
            label: `${grade} · ${t(`records.reliabilityShort.${grade}`)}`,
          }))}
          value={value.reliability}
          onChange={(next) => set({ reliability: (next ?? 'F') as Sourcing['reliability'] })}
          allowDeselect={false}
        />
        <Select
          label={t('records.credibilityLabel')}
          description={t(`records.credibility.${value.credibility}`)}
          inputWrapperOrder={['label', 'input', 'description', 'error']}
          data={CREDIBILITIES.map((grade) => ({
            value: grade,
            label: `${grade} · ${t(`records.credibilityShort.${grade}`)}`,
          }))}
          value={value.credibility}
          onChange={(next) => set({ credibility: (next ?? '6') as Sourcing['credibility'] })}
          allowDeselect={false}
        />
      </div>
      <details className={styles.more} open={Boolean(value.likelihood || value.confidence || value.supports.length)}>
        <summary>{t('records.moreSourcing')}</summary>
        <div className={styles.stack}>
          <div className={styles.two}>
            <Select
              label={t('records.likelihood')}
              description={
                band
                  ? t('records.bandHelp', { low: percent(band.low), high: percent(band.high) })
                  : t('records.likelihoodHelp')
              }
              inputWrapperOrder={['label', 'input', 'description', 'error']}
              placeholder={t('records.notStated')}
              data={LIKELIHOODS.map(({ id, label }) => ({ value: id, label }))}
              value={value.likelihood}
              onChange={(next) => set({ likelihood: next as Likelihood | null })}
              clearable
            />
            <Select
              label={t('records.confidenceLabel')}
              description={
                value.confidence ? t(`records.confidenceHelp.${value.confidence}`) : t('records.confidenceHelp.none')
              }
              inputWrapperOrder={['label', 'input', 'description', 'error']}
              placeholder={t('records.notStated')}
              data={(['low', 'moderate', 'high'] as const).map((level) => ({
                value: level,
                label: t(`records.confidence.${level}`),
              }))}
              value={value.confidence}
              onChange={(next) => set({ confidence: next as Sourcing['confidence'] })}
              clearable
            />
          </div>
          <div className={styles.two}>
            <DatedField
              label={t('records.firstSeen')}
              value={value.firstSeen}
              onChange={(firstSeen) => set({ firstSeen })}
            />
            <DatedField
              label={t('records.lastSeen')}
              value={value.lastSeen}
              onChange={(lastSeen) => set({ lastSeen })}
            />
          </div>
          <SupportsEditor value={value.supports} onChange={(supports) => set({ supports })} />
        </div>
      </details>
    </fieldset>
  )
}
