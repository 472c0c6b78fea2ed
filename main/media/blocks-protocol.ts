/** What a decode and the thread that reads ffmpeg for it say to each other. */
import type { FailureCode } from '../errors.ts'
import type { FfmpegExit } from './ffmpeg-messages.ts'
import type { FfmpegTask } from './spawn.ts'

/** How one pipe is cut into blocks; as in `BlockOptions`. */
export interface PipeBlocks {
  readonly blockBytes: number
  readonly buffers: number
  readonly partial: boolean
  readonly padding: number
}

/** What is given to the thread. */
export interface BlocksOrder {
  readonly task: Omit<FfmpegTask, 'cancelled' | 'onLine'>
  /** In the order of the pipes. */
  readonly blocks: readonly PipeBlocks[]
}

export type FromBlocksThread =
  /** The bytes are the reader's until their buffer comes back. */
  | { readonly kind: 'block'; readonly pipe: number; readonly index: number; readonly bytes: Uint8Array<ArrayBuffer> }
  /** Comes last. */
  | { readonly kind: 'exit'; readonly exit: FfmpegExit; readonly lost: boolean }
  /** ffmpeg could not be started. */
  | { readonly kind: 'failed'; readonly code: FailureCode; readonly detail: string | undefined }

export type ToBlocksThread =
  | { readonly kind: 'buffer'; readonly pipe: number; readonly index: number; readonly buffer: ArrayBuffer }
  | { readonly kind: 'stop' }
