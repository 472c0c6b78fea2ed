/** Every signal, in the order in which it is shown. A new signal is one file in this folder and one line here. */
import type { SignalInfo } from '../contract/signals.ts'
import { encoding } from './encoding.ts'
import { faceManipulation } from './face-manipulation.ts'
import { lipSync } from './lip-sync.ts'
import { portraitAnimation } from './portrait-animation.ts'
import { provenance } from './provenance.ts'
import type { Signal } from './signal.ts'
import { syntheticImage } from './synthetic-image.ts'
import { temporal } from './temporal.ts'
import { voice } from './voice.ts'

export const SIGNALS: readonly Signal[] = [
  provenance,
  encoding,
  temporal,
  faceManipulation,
  portraitAnimation,
  syntheticImage,
  lipSync,
  voice,
]

/** What the contract tells about each signal. */
export const signalInfos = (signals: readonly Signal[]): SignalInfo[] =>
  signals.map(({ id, version, title, measures, counted }) => ({ id, version, title, measures, counted }))
