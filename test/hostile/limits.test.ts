/** The walls around ffmpeg, looked at while it runs behind them. */
import { once } from 'node:events'
import { existsSync, readdirSync, readFileSync, readlinkSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ffmpegInfo } from '../../main/media/ffmpeg.ts'
import { maxMemory } from '../../main/media/limits.ts'
import { spawnFfmpeg, type FfmpegTask } from '../../main/media/spawn.ts'
import type { OpenFile } from '../../main/media/types.ts'
import { clipFolder, ffmpegPath, openClip, type ClipFolder } from '../fixtures/clip.ts'

let clips: ClipFolder
let file: OpenFile
let task: FfmpegTask

beforeAll(async () => {
  clips = clipFolder()
  file = await openClip(
    clips.make('a.mkv', '-f', 'lavfi', '-i', 'testsrc2=s=640x360:r=25:d=20', '-c:v', 'mjpeg', '-pix_fmt', 'yuvj420p'),
  )
  const output = ['-map', '0:V:0', '-f', 'rawvideo', 'pipe:1']
  task = { ffmpeg: ffmpegPath(), file, duration: 20, threads: 2, output, pipes: 1, folder: clips.path }
})
afterAll(async () => {
  await file.close()
  clips.remove()
})

/** Process ids of ffmpeg that run on our clip: their descriptor shows it. */
const running = (): string[] =>
  readdirSync('/proc').filter((pid) => {
    if (!/^\d+$/.test(pid)) return false
    try {
      if (!readFileSync(`/proc/${pid}/comm`, 'latin1').startsWith('ffmpeg')) return false
      return readdirSync(`/proc/${pid}/fd`).some((fd) => readlinkSync(`/proc/${pid}/fd/${fd}`).startsWith(clips.path))
    } catch {
      return false
    }
  })

async function until<T>(look: () => T, good: (seen: T) => boolean): Promise<T> {
  const deadline = Date.now() + 20_000
  for (;;) {
    const seen = look()
    if (good(seen) || Date.now() > deadline) return seen
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}

describe.skipIf(!existsSync('/usr/bin/prlimit') || !existsSync('/proc/self/limits'))('ffmpeg at work (Linux)', () => {
  it('has bounded memory, descriptors, CPU time and no right to write, nothing in its environment, a group of its own', async () => {
    const { pipes, exit, stop } = await spawnFfmpeg(task)
    // Nobody reads, so that it waits on a full pipe and can be looked at.
    const [pid] = await until(running, (pids) => pids.length === 1)
    const limits = readFileSync(`/proc/${pid}/limits`, 'latin1')
    const limit = (name: string): string | undefined => new RegExp(`^${name}\\s+(\\S+)`, 'm').exec(limits)?.[1]
    expect(limit('Max address space')).toBe(String(maxMemory(2)))
    expect(limit('Max open files')).toBe('64')
    expect(limit('Max file size')).toBe('0')
    expect(limit('Max core file size')).toBe('0')
    expect(Number(limit('Max cpu time'))).toBe((60 + 4 * 20) * 4)
    expect(readFileSync(`/proc/${pid}/environ`, 'latin1')).toBe('')
    expect(readlinkSync(`/proc/${pid}/cwd`)).toBe(clips.path)
    expect(readFileSync(`/proc/${pid}/stat`, 'latin1').split(') ')[1]!.split(' ')[2]).toBe(pid)
    const command = readFileSync(`/proc/${pid}/cmdline`, 'latin1').split('\0')
    expect(command.filter((word) => word.includes(clips.path))).toEqual([])
    const { hasFd } = await ffmpegInfo(ffmpegPath())
    expect(command[command.indexOf('-protocol_whitelist') + 1]).toBe(hasFd ? 'fd' : 'file')
    stop('cancelled')
    expect(pipes[0]!.destroyed).toBe(true)
    expect(await exit).toMatchObject({ stopped: 'cancelled' })
    expect(await until(running, (pids) => pids.length === 0)).toEqual([])
  })

  it('is gone after a cancel even when it is stopped and cannot answer', async () => {
    const control = new AbortController()
    const { pipes, exit } = await spawnFfmpeg({ ...task, cancelled: control.signal })
    // Once it writes it handles signals, which a stopped process cannot.
    await once(pipes[0]!, 'readable')
    const [pid] = await until(running, (pids) => pids.length === 1)
    process.kill(Number(pid), 'SIGSTOP')
    control.abort()
    expect(await exit).toMatchObject({ stopped: 'cancelled', signal: 'SIGKILL' })
    expect(running()).toEqual([])
  })

  it('cannot write a file', async () => {
    const { exit } = await spawnFfmpeg({ ...task, output: ['-map', '0:V:0', '-c', 'copy', 'written.mkv'], pipes: 0 })
    const { code, signal } = await exit
    expect(code === 0 && signal === null).toBe(false)
  })

  it('cannot open a second file or an address', async () => {
    for (const other of ['/etc/passwd', 'http://127.0.0.1:9/x', 'tcp://127.0.0.1:9']) {
      const { pipes, exit } = await spawnFfmpeg({
        ...task,
        output: ['-map', '0:V:0', '-c', 'copy', '-f', 'matroska', other],
      })
      pipes[0]!.resume()
      expect((await exit).code).not.toBe(0)
    }
  })
})
