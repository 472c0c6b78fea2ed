import { useTranslation } from 'react-i18next'
import type { ModelDetail } from '../../../main/contract/models.ts'
import { Panel } from '../../components/panel.tsx'
import { number } from '../../text/format.ts'
import styles from './models.module.css'
import { hasScore } from './words.ts'

/** What the scores of this model may count for, and on what that rests. */
export function CalibrationPanel({ model }: { readonly model: ModelDetail }) {
  const { t } = useTranslation()
  const { calibration } = model
  return (
    <Panel title={t('models.page.calibration')}>
      {calibration ? (
        <div className={styles.stack}>
          {calibration.matches ? null : <strong className={styles.bad}>{t('models.page.mismatched')}</strong>}
          <p>
            {t('models.page.fitted', {
              manipulated: number(calibration.manipulated),
              genuine: number(calibration.genuine),
              manipulatedGroups: number(calibration.manipulatedGroups),
              genuineGroups: number(calibration.genuineGroups),
            })}
          </p>
          <p className={styles.prose}>{calibration.basis}</p>
          <Curve points={calibration.curve} />
        </div>
      ) : hasScore(model) ? (
        <div className={styles.stack}>
          <strong>{t('models.page.uncalibrated')}</strong>
          <p className={styles.dim}>{t('models.page.howTo')}</p>
          <code className={styles.code} dir="ltr">
            assay models calibrate {model.id} FOLDER{model.origin === 'library' ? ' --models LIBRARY/models' : ''}
          </code>
        </div>
      ) : (
        <p className={styles.dim}>{t('models.page.noScore')}</p>
      )}
    </Panel>
  )
}

const WIDTH = 320
const HEIGHT = 170
const PAD = { left: 44, right: 8, top: 8, bottom: 30 }

/** Ratios on a logarithmic axis: 1 in the middle says nothing either way. */
function Curve({ points }: { readonly points: NonNullable<ModelDetail['calibration']>['curve'] }) {
  const { t } = useTranslation()
  const top = Math.max(
    1,
    Math.ceil(Math.max(...points.map(({ high, low }) => Math.abs(Math.log10(Math.max(high, 1 / low)))))),
  )
  const x = (score: number): number => PAD.left + score * (WIDTH - PAD.left - PAD.right)
  const y = (ratio: number): number =>
    PAD.top + ((top - Math.log10(ratio)) / (2 * top)) * (HEIGHT - PAD.top - PAD.bottom)
  const line = points.map(({ score, ratio }) => `${x(score)},${y(ratio)}`).join(' ')
  const band = [
    ...points.map(({ score, high }) => `${x(score)},${y(high)}`),
    ...points.toReversed().map(({ score, low }) => `${x(score)},${y(low)}`),
  ].join(' ')
  const marks = [top, 0, -top].map((power) => 10 ** power)
  return (
    <figure className={styles.curve}>
      <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="img" aria-label={t('models.page.curve')}>
        {marks.map((mark) => (
          <g key={mark}>
            <line x1={PAD.left} x2={WIDTH - PAD.right} y1={y(mark)} y2={y(mark)} className={styles.scaleLine} />
            <text x={PAD.left - 6} y={y(mark) + 4} textAnchor="end" className={styles.tick}>
              {number(mark, 3)}
            </text>
          </g>
        ))}
        {[0, 0.5, 1].map((score) => (
          <text key={score} x={x(score)} y={HEIGHT - 12} textAnchor="middle" className={styles.tick}>
            {number(score, 1)}
          </text>
        ))}
        <polygon points={band} className={styles.band} />
        <polyline points={line} className={styles.curveLine} />
      </svg>
      <figcaption className={styles.dim}>{t('models.page.curve')}</figcaption>
    </figure>
  )
}
