import { useTranslation } from 'react-i18next'
import type { Observation } from '../../../main/contract/signals.ts'
import { BandMark } from '../../components/band-badge.tsx'
import styles from './findings.module.css'

/** How much an observation speaks for a look: the shapes are those of the bands. */
export function WeightMark({ weight }: { readonly weight: Observation['weight'] }) {
  const { t } = useTranslation()
  return (
    <span className={styles.weight} title={t(`finding.weights.${weight}`)}>
      <BandMark band={weight === 'context' ? 'none' : weight} size={11} />
      <span className="visually-hidden">{t(`finding.weights.${weight}`)}:</span>
    </span>
  )
}
