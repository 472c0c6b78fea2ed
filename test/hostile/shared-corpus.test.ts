/** The corpus that others wrote, where this machine has it: it must not know our own one's blind spots. */
import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { z } from 'zod'
import { ffmpegPath } from '../fixtures/clip.ts'
import { listen, receiveAll } from './receive.ts'

const script = join(import.meta.dirname, '..', '..', '..', 'shared', 'tools', 'make_hostile.py')
const runs = existsSync(script) && spawnSync('python3', ['--version']).status === 0
/** Every second file, all of them with ASSAY_SOAK set: each takes a second, and our own corpus has the same families. */
const STEP = process.env['ASSAY_SOAK'] ? 1 : 2
/** The port that its references point to. */
const PORT = 18_999
const Expectations = z.record(
  z.string(),
  z.object({ verdict: z.enum(['refuse', 'accept', 'bounded']), family: z.string() }),
)

it.skipIf(!runs)(
  `files of the shared corpus meet their fate${runs ? '' : ' (no ../shared/tools/make_hostile.py, or no python3)'}`,
  async () => {
    const folder = mkdtempSync(join(tmpdir(), 'assay-shared-corpus-'))
    const canary = await listen(PORT)
    try {
      execFileSync('python3', [script, ffmpegPath(), folder], { stdio: 'ignore' })
      const all = Object.entries(Expectations.parse(JSON.parse(readFileSync(join(folder, 'expect.json'), 'utf8'))))
      const expected = all.filter((_, at) => at % STEP === 0)
      // Names that are no text are written with lone surrogates there, and read as U+FFFD here.
      const paths = expected.map(([name]) => Buffer.concat([Buffer.from(`${folder}/`), Buffer.from(name)]))
      const { outcomes } = await receiveAll(paths)
      const wrong = expected.flatMap(([name, { verdict }], i) => {
        const { code, detail, frames, secret, item } = outcomes[i]!
        // The same bytes under many names are one item; the second arrival has nothing more to decode.
        const ok = item.state === 'duplicate' || (!code && frames > 0)
        const fits = verdict === 'bounded' || (verdict === 'accept' ? ok : !ok && frames === 0)
        return fits && !secret && code !== 'internal'
          ? []
          : [`${name}: ${verdict}, ${code ?? 'decoded'} ${detail} ${frames}`]
      })
      expect(all.length).toBeGreaterThan(100)
      expect(wrong).toEqual([])
      expect(canary.heard).toEqual([])
      expect(existsSync(join(folder, 'pwned'))).toBe(false)
    } finally {
      await canary.close()
      rmSync(folder, { recursive: true, force: true })
    }
  },
  600_000,
)
