/** How figures and states of models are put. */
import type { TFunction } from 'i18next'
import type { ModelFigure, ModelInfo } from '../../../main/contract/models.ts'
import type { SignalInfo } from '../../../main/contract/signals.ts'
import { number } from '../../text/format.ts'
import { i18next } from '../../text/i18n.ts'

const FALSE_POSITIVES = /false[ -]?positive|false[ -]?alarm|\bFPR\b/i

export const isFalsePositives = ({ metric }: ModelFigure): boolean => FALSE_POSITIVES.test(metric)

/** False positives on genuine recordings first: what a wrong suspicion costs is what an analyst must know first. */
export const inOrder = (figures: readonly ModelFigure[]): ModelFigure[] => [
  ...figures.filter(isFalsePositives),
  ...figures.filter((figure) => !isFalsePositives(figure)),
]

/** Two or three decimals where it is a share: no evaluation here has enough items for more. */
export const digits = (value: number): string =>
  Math.abs(value) > 1
    ? number(value, 1)
    : new Intl.NumberFormat(i18next.language || 'en', { minimumFractionDigits: 2, maximumFractionDigits: 3 }).format(
        value,
      )

/** The signals that run a model, in words; one that was added is a signal of its own. */
export const userWords = (model: ModelInfo, signals: readonly SignalInfo[], t: TFunction): string[] =>
  model.usedBy.map((id) =>
    id === `model:${model.id}` ? t('models.ownSignal') : (signals.find((signal) => signal.id === id)?.title ?? id),
  )

export const kindWords = (kind: string, t: TFunction): string =>
  ['measurement', 'frame-classifier', 'face-classifier', 'sound-classifier'].includes(kind)
    ? t(`models.kinds.${kind as 'measurement'}`)
    : kind

/** Whether a calibration could be fitted at all: only to what gives a score of its own. */
export const hasScore = ({ usedBy, calibration, id, origin }: ModelInfo): boolean =>
  calibration !== null || origin === 'library' || usedBy.includes(id)
