import { useTranslation } from 'react-i18next'
import type { ModelFigure } from '../../../main/contract/models.ts'
import { Panel } from '../../components/panel.tsx'
import { number } from '../../text/format.ts'
import styles from './models.module.css'
import { ScrollRegion } from './scroll-region.tsx'
import { digits, inOrder, isFalsePositives } from './words.ts'

/** What was measured, on what, and how sure that is. */
export function EvaluationTable({ figures }: { readonly figures: readonly ModelFigure[] }) {
  const { t } = useTranslation()
  if (!figures.length)
    return (
      <Panel title={t('models.page.evaluation')}>
        <p className={styles.dim}>{t('models.page.noEvaluation')}</p>
      </Panel>
    )
  return (
    <Panel title={t('models.page.evaluation')} flush>
      <p className={styles.note}>{t('models.page.evaluationHelp')}</p>
      <ScrollRegion label={t('models.page.evaluation')}>
        <table className={styles.table} data-figures>
          <thead>
            <tr>
              <th scope="col">{t('models.page.metric')}</th>
              <th scope="col">{t('models.page.data')}</th>
              <th scope="col" className={styles.number}>
                {t('models.page.value')}
              </th>
              <th scope="col">{t('models.page.interval')}</th>
              <th scope="col" className={styles.number}>
                {t('models.page.n')}
              </th>
            </tr>
          </thead>
          <tbody>
            {inOrder(figures).map((figure, i) => (
              // Two figures may say the same of the same data; their order is all that tells them apart.
              // oxlint-disable-next-line react/no-array-index-key
              <tr key={`${i} ${figure.metric} ${figure.data}`} data-first={isFalsePositives(figure) || undefined}>
                <th scope="row" className="untrusted">
                  {figure.metric}
                </th>
                <td className="untrusted">{figure.data}</td>
                <td className={styles.number}>{digits(figure.value)}</td>
                <td className={styles.interval}>
                  <IntervalBar figure={figure} />
                  <span>{t('models.page.to', { low: digits(figure.low), high: digits(figure.high) })}</span>
                </td>
                <td className={styles.number}>{number(figure.n)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </ScrollRegion>
    </Panel>
  )
}

/** The interval and the value on a scale of 0 to 1; figures beyond it (decibels, frames) have none. */
function IntervalBar({ figure: { value, low, high } }: { readonly figure: ModelFigure }) {
  if (low < 0 || high > 1) return null
  const width = 96
  const x = (v: number): number => 2 + v * (width - 4)
  return (
    <svg width={width} height={10} viewBox={`0 0 ${width} 10`} aria-hidden="true" className={styles.bar}>
      <line x1={2} x2={width - 2} y1={5} y2={5} className={styles.scaleLine} />
      <line x1={x(low)} x2={Math.max(x(high), x(low) + 1)} y1={5} y2={5} className={styles.range} />
      <line x1={x(value)} x2={x(value)} y1={0} y2={10} className={styles.point} />
    </svg>
  )
}
