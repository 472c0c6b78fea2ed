/** Cuts a pipe into blocks of one size (frames, or seconds of sound) in buffers made beforehand. */
import type { Readable } from 'node:stream'

/** A finished block. Its bytes stay as they are until `release`. */
export interface Block {
  readonly index: number
  readonly bytes: Uint8Array
  /** @param buffer what takes its place where the bytes were given away for good; as long as the block was to be */
  release(buffer?: Uint8Array): void
}

export interface BlockOptions {
  readonly blockBytes: number
  /** Buffers that go round. While all are out, the pipe is paused and ffmpeg waits. */
  readonly buffers: number
  /** True to hand out a last block that is shorter; otherwise it is dropped and counted in `lost`. */
  readonly partial: boolean
  /** Zero bytes to put before the first byte of the pipe. */
  readonly padding?: number
  readonly onBlock: (block: Block) => void
}

/**
 * Reads one pipe. Bytes are copied once, from the chunk into their place in a block: joining chunks would cost more than
 * twice the time of the whole decode.
 */
export class BlockReader {
  /** Bytes of an unfinished last block that were dropped. */
  lost = 0
  readonly ended: Promise<void>
  private readonly pipe: Readable
  private readonly options: BlockOptions
  private readonly free: Uint8Array[]
  private current: Uint8Array | undefined
  private filled = 0
  private index = 0
  private padding: number
  private rest: Uint8Array | undefined
  private closed = false
  private finish: () => void = () => {}

  constructor(pipe: Readable, options: BlockOptions) {
    this.pipe = pipe
    this.options = options
    this.padding = options.padding ?? 0
    this.free = Array.from({ length: options.buffers }, () => new Uint8Array(options.blockBytes))
    this.ended = new Promise((resolve) => (this.finish = resolve))
    pipe.on('data', (chunk: Buffer) => this.take(chunk))
    pipe.once('close', () => {
      this.closed = true
      this.settle()
    })
  }

  private take(chunk: Uint8Array): void {
    let at = this.pad() ? 0 : -1
    while (at >= 0 && at < chunk.length) {
      const block = this.open()
      if (!block) break
      const count = Math.min(chunk.length - at, block.length - this.filled)
      block.set(chunk.subarray(at, at + count), this.filled)
      at += count
      this.advance(count)
    }
    at = Math.max(0, at)
    if (at === chunk.length) return
    this.rest = chunk.subarray(at)
    this.pipe.pause()
  }

  /** Writes padding while there is any; false where it must wait for a buffer. */
  private pad(): boolean {
    while (this.padding > 0) {
      const block = this.open()
      if (!block) return false
      const count = Math.min(this.padding, block.length - this.filled)
      block.fill(0, this.filled, this.filled + count)
      this.padding -= count
      this.advance(count)
    }
    return true
  }

  private open(): Uint8Array | undefined {
    return (this.current ??= this.free.pop())
  }

  private advance(count: number): void {
    this.filled += count
    if (this.filled === this.options.blockBytes) this.emit(this.filled)
  }

  private emit(length: number): void {
    const buffer = this.current!
    this.current = undefined
    this.filled = 0
    const bytes = length === buffer.length ? buffer : buffer.subarray(0, length)
    const release = (instead = buffer): void => {
      this.free.push(instead)
      const { rest } = this
      this.rest = undefined
      if (rest) this.take(rest)
      if (this.rest) return
      if (this.closed) this.settle()
      else this.pipe.resume()
    }
    this.options.onBlock({ index: this.index++, bytes, release })
  }

  /** After the pipe closed: hands out what is left, once no chunk waits for a buffer. */
  private settle(): void {
    if (this.rest) return
    if (this.filled > 0 && this.options.partial) this.emit(this.filled)
    else this.lost = this.filled
    this.finish()
  }
}
