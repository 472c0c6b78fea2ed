/** `npm run soak`: an hour of 1080p through the command line, within the memory that any length may take. */
import { spawn, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { look, type Peak } from '../../scripts/peak-memory.ts'
import { ffmpegBinary } from '../../scripts/setup.mjs'

const ASSAY = join(import.meta.dirname, '..', '..', 'main', 'hosts', 'cli.ts')
const root = mkdtempSync(join(tmpdir(), 'assay-soak-'))
afterAll(() => rmSync(root, { recursive: true }))

function make(file: string, args: readonly string[]): string {
  const out = join(root, file)
  const made = spawnSync(ffmpegBinary() ?? '', ['-v', 'error', ...args, out], { encoding: 'utf8' })
  if (made.status !== 0) throw new Error(made.stderr || made.error?.message)
  return out
}

it('an hour of 1080p is triaged, the host under 400 MB and its worker under 800 MB', async () => {
  const minute = make('minute.mp4', [
    '-f', 'lavfi', '-i', 'testsrc2=size=1920x1080:rate=30,noise=alls=16:allf=t', '-f', 'lavfi', '-i', 'sine=frequency=300',
    '-t', '60', '-c:v', 'libx264', '-preset', 'ultrafast', '-b:v', '6M', '-pix_fmt', 'yuv420p',
  ]) // prettier-ignore
  const hour = make('hour.mp4', ['-stream_loop', '59', '-i', minute, '-c', 'copy'])
  const peak: Peak = { host: 0, worker: 0, ffmpeg: 0 }
  const child = spawn(process.execPath, [ASSAY, 'triage', '--json', hour], { stdio: ['ignore', 'pipe', 'inherit'] })
  let output = ''
  child.stdout.on('data', (chunk: Buffer) => (output += String(chunk)))
  const watch = setInterval(() => child.pid !== undefined && look(child.pid, peak), 200)
  const status = await new Promise((done) => child.on('close', done))
  clearInterval(watch)
  console.log('peak memory in MB:', Object.fromEntries(Object.entries(peak).map(([who, bytes]) => [who, bytes / 1e6])))
  const found = JSON.parse(output) as { error?: unknown; media: { duration: number }; signals: unknown[] }
  expect([status, found.error]).toEqual([0, undefined])
  expect(found.media.duration).toBeCloseTo(3600, -1)
  expect(found.signals.length).toBeGreaterThan(0)
  expect(peak.host).toBeLessThan(400e6)
  expect(peak.worker).toBeLessThan(800e6)
})
