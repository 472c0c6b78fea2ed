import { useTranslation } from 'react-i18next'
import { LIKELIHOODS, type Likelihood } from '../../../main/contract/common.ts'
import { number, percent } from '../../text/format.ts'
import styles from './filing.module.css'

interface Props {
  readonly value: Likelihood | null
  readonly onChange: (value: Likelihood | null) => void
}

/** The seven terms of ICD 203 on one scale, each with its band of probability, and the choice to state none. */
export function LikelihoodField({ value, onChange }: Props) {
  const { t } = useTranslation()
  return (
    <fieldset className={styles.field}>
      <legend className={styles.legend}>{t('filing.likelihood')}</legend>
      <p className={styles.help}>{t('filing.likelihoodHelp')}</p>
      <div className={styles.scale}>
        {LIKELIHOODS.map((term) => (
          <label key={term.id} className={styles.term} data-chosen={value === term.id || undefined}>
            <input type="radio" name="likelihood" checked={value === term.id} onChange={() => onChange(term.id)} />
            <span className={styles.termName}>{term.label}</span>
            <span className={styles.termBand}>
              {number(term.low * 100)}–{percent(term.high)}
            </span>
          </label>
        ))}
      </div>
      <label className={styles.noTerm}>
        <input type="radio" name="likelihood" checked={value === null} onChange={() => onChange(null)} />
        {t('filing.noLikelihood')}
      </label>
    </fieldset>
  )
}
