/**
 * What a signal is. A signal is one file in this folder that exports a `Signal`, and one line in `list.ts`.
 *
 * A signal sees only what the media stage decoded. It keeps its own state inside the `SignalRun` that `start` returns,
 * returns equal outputs for equal input (no clock, no random numbers without the fixed seed), and abstains with a reason
 * where it cannot measure: abstaining is a result, never a score of 0 or 0.5.
 */
import type { Observation, SignalOutput, SignalSegment, Track } from '../contract/signals.ts'
import type { Region } from '../contract/common.ts'
import type { Frame, FrameStreamId, ProbedMedia, Sound } from '../media/types.ts'
import type { Face } from './faces/face.ts'
import type { ModelRunner } from './onnx.ts'

export interface SignalContext {
  readonly media: ProbedMedia
  /** Opens a model of the model folder by id; verified, loaded once per worker. @throws Failure model.untrusted */
  model(id: string): Promise<ModelRunner>
  /** Aborted when the job is cancelled. */
  readonly cancelled: AbortSignal
}

/** An image that shows what the signal saw, as encoded bytes; the worker stores it by its hash. */
export interface ExhibitImage {
  readonly kind: 'image'
  readonly caption: string
  readonly bytes: Uint8Array
  readonly mime: 'image/png' | 'image/webp' | 'image/jpeg'
  readonly width: number
  readonly height: number
  readonly at?: number
  readonly region?: Region
}
export interface ExhibitTable {
  readonly kind: 'table'
  readonly caption: string
  readonly columns: string[]
  readonly rows: string[][]
}
export type Exhibit = ExhibitImage | ExhibitTable

/** What a run returns; the runner adds id, version, ffmpeg build and seed, and turns exhibits into references. */
export type SignalResult =
  | {
      readonly state: 'ran'
      /** 0 to 1. */
      readonly score: number
      readonly segments: SignalSegment[]
      readonly observations: Observation[]
      readonly tracks: Track[]
      readonly exhibits: Exhibit[]
      readonly explanation: string
      readonly knownFailures: string[]
      readonly model?: SignalOutput['provenance']['model']
      /**
       * Properties of the input that the calibration's domain gate compares, by name ("face height, px": 96). The same
       * names are kept with the calibration data.
       */
      readonly domain?: Readonly<Record<string, number>>
    }
  | {
      readonly state: 'abstained'
      /** In plain words. */
      readonly reason: string
      /** What was seen all the same, if anything. */
      readonly observations?: Observation[]
    }

export interface SignalRun {
  /** Called for every frame of the streams in `needs`, in time order per stream. */
  frame?(frame: Frame): void | Promise<void>
  /**
   * Called for every frame of the `detail` stream, also where no face was found, if `needsFaces` is set; the frame is
   * valid only until the promise settles.
   */
  faces?(frame: Frame, faces: readonly Face[]): void | Promise<void>
  sound?(sound: Sound): void | Promise<void>
  /** Called once after the last frame (at once for signals that need none). */
  finish(): SignalResult | Promise<SignalResult>
}

export interface Signal {
  readonly id: string
  /** Semantic version; any change that can change an output raises it. */
  readonly version: string
  readonly title: string
  /** What it measures, in one sentence for an analyst. */
  readonly measures: string
  /** False: listed, never counted in the review priority (uncalibrated). */
  readonly counted: boolean
  /**
   * True where a low score says nothing, because what the signal looks for is only one of the ways to manipulate: its
   * calibration never lowers the odds.
   */
  readonly raisesOnly?: boolean
  /** Frame streams wanted; empty for signals that read only the container. */
  readonly needs: readonly FrameStreamId[]
  readonly needsSound: boolean
  /** True to be given the faces of every `detail` frame; they are found and tracked once for all signals. */
  readonly needsFaces?: boolean
  /** Every constant that shapes the output; shown in the report's method appendix. */
  readonly parameters: Readonly<Record<string, string | number | boolean>>
  start(context: SignalContext): SignalRun | Promise<SignalRun>
}
