/** The ROC curve and the reliability diagram of one subject, as PNG. */
import { predictiveValue } from '../contract/findings.ts'
import { drawChart, type Series } from '../signals/exhibit-plot.ts'
import { pictureExhibit } from '../signals/exhibit.ts'
import type { Sample } from './measure.ts'
import { reliability, roc } from './metrics.ts'

const TICKS = [0, 0.2, 0.4, 0.6, 0.8, 1]
const GREY = [170, 174, 186] as const
const BLUE = [40, 90, 190] as const
const SIZE = { width: 420, height: 400 }

const diagonal: Series = { kind: 'line', x: [0, 1], y: [0, 1], colour: GREY }

/** Null where a class is missing. */
export async function rocPlot(samples: readonly Sample[]): Promise<Uint8Array | null> {
  const points = roc(samples)
  if (!points.length) return null
  // Steps: first up, then across, as the files come in order of their scores.
  const x = points.map(({ falsePositives }) => falsePositives)
  const y = points.map(({ truePositives }) => truePositives)
  return png('false positives', 'found', [diagonal, { kind: 'line', x, y, colour: BLUE }])
}

/** Stated probability against observed share, one dot per bin; null where something is uncalibrated. */
export async function reliabilityPlot(samples: readonly Sample[]): Promise<Uint8Array | null> {
  const positives = samples.filter(({ manipulated }) => manipulated).length
  if (!positives || positives === samples.length) return null
  if (samples.some(({ likelihoodRatio }) => likelihoodRatio === null)) return null
  const bins = reliability(
    samples.map(({ likelihoodRatio, manipulated }) => ({
      probability: predictiveValue(positives / samples.length, likelihoodRatio!),
      manipulated,
    })),
  )
  const x = bins.map(({ meanProbability }) => meanProbability)
  const y = bins.map(({ observed }) => observed)
  return png('stated', 'observed', [diagonal, { kind: 'dots', x, y, colour: BLUE }])
}

async function png(across: string, up: string, series: readonly Series[]): Promise<Uint8Array> {
  const chart = drawChart({
    ...SIZE,
    x: { low: 0, high: 1, label: across, ticks: TICKS },
    y: { low: 0, high: 1, label: up, ticks: TICKS },
    series,
  })
  const { bytes } = await pictureExhibit(chart, { caption: '' })
  return bytes
}
