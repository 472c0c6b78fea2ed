/** English: what machines measured, what follows from it, and how all of it was made. */
import { writing } from '../writing.ts'

const { count } = writing('en')

export const findings = {
  panel: 'Machine findings: what was measured',
  nothing: 'Nothing has been measured on this item yet.',
  abstained: (reason: string) => `This signal abstained: ${reason}`,
  failed: (reason: string) => `This signal failed: ${reason}`,
  score: (score: string) => `Score ${score} of 1, by the rule of this signal. It is uncalibrated: not a probability.`,
  calibrated: (score: string, ratio: string, low: string, high: string, basis: string) =>
    `Score ${score}. Likelihood ratio ${ratio} (95 % interval ${low} to ${high}), fitted on ${basis}.`,
  observed: 'Observed',
  at: (time: string) => `at ${time}`,
  segments: 'Segments',
  from: 'From',
  to: 'To',
  scoreHead: 'Score',
  seen: 'What was seen',
  region: 'Region (left, top, width, height)',
  wholePicture: 'whole picture',
  overTime: 'What was measured over time.',
  shaded: 'Shaded: the segments below.',
  moreCurves: (n: number) => `${count(n)} more in the library.`,
  curves: (names: readonly string[]) => `Curves over time: ${names.join(', ')}`,
  captionAt: (caption: string, time: string) => `${caption} (at ${time})`,
  knownFailures: 'Known failures that apply to this input',
}

export const priority = {
  /** In full; one of them stands with every priority. */
  band: {
    strong: 'strong indicators of manipulation',
    some: 'some indicators of manipulation',
    none: 'no indicators found: this does not make it authentic',
    inconclusive: 'inconclusive: too little could be measured',
  },
  note: (score: string) =>
    `Review priority ${score} of 1. It says what to look at first; it is not a verdict and not a probability.`,
  carried: 'What carried it',
  contribution: (signal: string, share: string) => `${signal}, ${share}`,
  didNotCount: 'What did not count',
  wouldChange: 'What would change it',
  unknownSignal: 'this version does not have that signal',
  notRun: 'has not run yet',
  abstained: (reason: string) => `abstained: ${reason}`,
  failed: (reason: string) => `failed: ${reason}`,
  context: 'context: it speaks neither for nor against manipulation',
  uncalibrated: 'uncalibrated: its score is listed but never counted',
  explanation: (strongest: string) => `A harmless explanation of what carries it most would lower it: ${strongest}`,
  closerCopy: 'A copy closer to the recording would show whether the indicators come from a later re-encode.',
  betterCopy: 'A copy closer to the recording (less re-encoded, larger picture) would let the signals see more.',
  oneStrong: 'One strong observation by any counted signal would raise it.',
  signalNotRun: (signal: string) => `${signal} has not run yet; its indicators would count.`,
  signalCould: (signal: string, reason: string) => `${signal} would count if it could measure (${reason}).`,
  /** Both of 100 videos. */
  share: (manipulated: string, among: string) => `${manipulated} of 100 where ${among} of 100 are manipulated`,
  likelihood: (ratio: string, low: string, high: string, signals: readonly string[], shares: readonly string[]) =>
    `Findings like these were ${ratio} times (95 % interval ${low} to ${high}) as frequent among the manipulated videos of the calibration data as among the others (${signals.join(', ')}). Of videos with such findings are manipulated: ${shares.join(', ')}.`,
}

export const method = {
  title: 'Method',
  decoder: 'Decoder',
  library: 'Library',
  chain:
    'Every change to the library appends a link to its audit chain: the hash of the link before it and of what changed. The head above fixes everything up to this report; “assay verify” on the library walks the chain and hashes every original again.',
  signals: 'Signals',
  signal: 'Signal',
  version: 'Version',
  measures: 'Measures',
  counted: 'Counted',
  yes: 'yes',
  uncalibrated: 'no: uncalibrated',
  runs: 'Parameters of the runs in this report',
  parameters: 'Parameters',
  models: 'Models',
  model: 'Model',
  reading: 'How to read this report',
  priority: 'Review priority',
  from: (threshold: string, band: string) => `From ${threshold}: ${band}.`,
  fromStrong: (threshold: string, band: string) =>
    `From ${threshold}, and only with at least one strong observation: ${band}.`,
  below: (band: string) => `Below that, where at least half of the counted signals ran: ${band}.`,
  otherwise: (band: string) => `Otherwise: ${band}.`,
  caps: 'Indicators of one signal are capped; signals that read the same bytes (provenance and encoding) share one cap. A signal that abstained, failed or is uncalibrated counts as nothing. Nothing that was measured lowers a priority.',
  traces:
    'Compression, editing for broadcast and passing through platforms cause many of the same traces as manipulation. An indicator is a reason to look, by itself never a conclusion. No detector says who made or spread a video; every attribution here was recorded by an analyst.',
  likelihood: 'Likelihood terms (ICD 203, D.6.e.2); confidence is a separate statement',
  term: 'Term',
  probability: 'Probability',
  admiralty: 'Admiralty code (NATO AJP-2.1): letter for the source, digit for the information',
  reliability:
    'A completely reliable, B usually reliable, C fairly reliable, D not usually reliable, E unreliable, F cannot be judged.',
  credibility:
    '1 confirmed by other sources, 2 probably true, 3 possibly true, 4 doubtful, 5 improbable, 6 cannot be judged.',
}
