/** Long work on the command line: its progress on standard error, then its result. */
import type { Progress } from '../../contract/progress.ts'
import { visible } from './terminal.ts'

/** Where nobody watches, a line this often at most. */
const SPARSE_MS = 10_000

/** @throws what the work throws */
export async function followed<T>(
  work: AsyncIterable<Progress | { readonly type: 'done'; readonly result: T }>,
  screen: { readonly isTTY?: boolean; readonly columns?: number; write(text: string): unknown } = process.stderr,
): Promise<T> {
  const live = screen.isTTY === true
  let drawn = false
  let last = performance.now()
  try {
    for await (const one of work) {
      if (one.type === 'done') return one.result
      if (!live && performance.now() - last < SPARSE_MS) continue
      last = performance.now()
      const share = one.total > 0 ? ` ${Math.floor((100 * one.done) / one.total)} %` : ''
      const line = visible(`${one.words}${share}`)
      if (live) screen.write(`\r\u001b[2K${[...line].slice(0, (screen.columns || 80) - 1).join('')}`)
      else screen.write(`${line}\n`)
      drawn = true
    }
    throw new Error('the work ended without a result')
  } finally {
    if (live && drawn) screen.write('\r\u001b[2K')
  }
}
