/**
 * Findings that no decode can make, because they rest on the rest of the library. They are listed with the signals and
 * made by the stage that owns them: `known-footage` by main/matching/known-footage.ts.
 */
import type { SignalInfo } from '../contract/signals.ts'

export const KNOWN_FOOTAGE: SignalInfo = {
  id: 'known-footage',
  version: '1.0.0',
  title: 'Known footage',
  measures: 'Where else in the library, or on a hash list, the same footage is shown, and how it was changed.',
  counted: true,
  context: true,
}

export const LIBRARY_SIGNALS: readonly SignalInfo[] = [KNOWN_FOOTAGE]
