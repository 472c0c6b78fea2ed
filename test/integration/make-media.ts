/** Tiny clips for tests, made by the same ffmpeg that is tested. Never anything from outside. */
import { execFile } from 'node:child_process'
import { statSync } from 'node:fs'
import { promisify } from 'node:util'
import type { EvidenceFile } from '../../main/jobs/protocol.ts'
import { findFfmpeg } from '../../main/media/ffmpeg.ts'

const found = findFfmpeg()
if (!found) throw new Error('these tests need ffmpeg: run `npm run assay -- setup`, or set FFMPEG_BIN')
export const FFMPEG: string = found

/** Runs ffmpeg on options of the test's own; one string per option, blanks split only in the first. */
export async function ffmpeg(options: string, ...more: string[]): Promise<void> {
  const args = ['-nostdin', '-v', 'error', '-y', ...options.trim().split(/\s+/), ...more]
  await promisify(execFile)(FFMPEG, args, { maxBuffer: 1 << 20 })
}

/** An evidence file as the host would name it for a worker; its hash is not looked at here. */
export function evidence(path: string): EvidenceFile {
  return { path, sha256: '0'.repeat(64), size: statSync(path).size, identity: null }
}
