/** Bytes put one behind the other: a hundred thousand short ones take little more room than they are long. */

/** Bytes of one block. */
const BLOCK = 1 << 20

export class Sink {
  #blocks: Uint8Array[] = []
  #open = new Uint8Array(BLOCK)
  #used = 0
  #length = 0

  add(bytes: Uint8Array): void {
    this.#length += bytes.length
    if (this.#used + bytes.length > BLOCK) this.#close()
    if (bytes.length > BLOCK) {
      this.#blocks.push(bytes)
      return
    }
    this.#open.set(bytes, this.#used)
    this.#used += bytes.length
  }

  /** All of them, once: each block is given up when it is copied. */
  whole(): Uint8Array {
    this.#close()
    const whole = new Uint8Array(this.#length)
    let at = 0
    for (let block = this.#blocks.shift(); block; block = this.#blocks.shift()) {
      whole.set(block, at)
      at += block.length
    }
    return whole
  }

  #close(): void {
    if (!this.#used) return
    this.#blocks.push(this.#open.subarray(0, this.#used))
    this.#open = new Uint8Array(BLOCK)
    this.#used = 0
  }
}
