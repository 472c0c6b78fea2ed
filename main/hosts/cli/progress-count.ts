/** One line of progress on standard error, where that is a terminal. */

export interface CounterLine {
  tell(done: number, total: number): void
  /** Wipes the line. */
  stop(): void
}

export function counterLine(what: string, out: NodeJS.WriteStream = process.stderr): CounterLine {
  let shown = false
  return {
    tell(done, total) {
      if (!out.isTTY) return
      shown = true
      out.write(`\r\u001b[K${done} of ${total} ${what}`)
    },
    stop() {
      if (shown) out.write('\r\u001b[K')
      shown = false
    },
  }
}
