import { Slider } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { predictiveValue, type Priority } from '../../../main/contract/findings.ts'
import type { SignalInfo } from '../../../main/contract/signals.ts'
import { kept, useKept } from '../../kept.ts'
import { number } from '../../text/format.ts'
import styles from './findings.module.css'

/** Shares of manipulated videos, of 1,000: what a desk meets lies far below one half. */
const STEPS = [1, 2, 5, 10, 20, 50, 100, 200, 300, 500]
/** 5 %. The analyst's choice holds for every item. */
const chosen = kept(5)

interface Props {
  readonly likelihood: NonNullable<Priority['likelihood']>
  readonly signals: readonly SignalInfo[]
}

/** What findings like these mean where so many of the videos that arrive are manipulated: in whole videos, not in odds. */
export function PredictiveValue({ likelihood, signals }: Props) {
  const { t } = useTranslation()
  const [step, setStep] = useKept(chosen)
  const share = STEPS[step]! / 1000
  const of100 = (ratio: number): string => {
    const value = 100 * predictiveValue(share, ratio)
    return number(value, value < 10 ? 1 : 0)
  }
  const titles = likelihood.signals.map((id) => signals.find((signal) => signal.id === id)?.title ?? id)
  return (
    <div className={styles.predictive}>
      <label className={styles.part} id="prevalence">
        {t('priority.prevalence', { count: number(share * 100, 1) })}
      </label>
      <Slider
        size="sm"
        min={0}
        max={STEPS.length - 1}
        value={step}
        onChange={setStep}
        label={(at) => t('priority.share', { share: number((STEPS[at] ?? 0) / 10, 1) })}
        thumbValueText={t('priority.share', { share: number(share * 100, 1) })}
        thumbProps={{ 'aria-labelledby': 'prevalence' }}
      />
      <p aria-live="polite">
        {t('priority.predictive', {
          value: of100(likelihood.ratio),
          low: of100(likelihood.low),
          high: of100(likelihood.high),
        })}
      </p>
      <p className={styles.dim}>
        {t('priority.likelihood', {
          ratio: number(likelihood.ratio, 1),
          low: number(likelihood.low, 1),
          high: number(likelihood.high, 1),
          signals: titles.join(', '),
        })}
      </p>
    </div>
  )
}
