import { describe, expect, it } from 'vitest'
import { failureOf, parseLogLine, parseProgress, type FfmpegExit } from './ffmpeg-messages.ts'

/** An ending after these lines, as ffmpeg 5.1 wrote them under `-loglevel level+error`. */
const ended = (lines: string[], exit: Partial<FfmpegExit> = {}): FfmpegExit => ({
  code: 1,
  signal: null,
  stopped: null,
  ...exit,
  errors: lines.map((line) => parseLogLine(line)?.text ?? line),
})

describe('a line of ffmpeg’s log', () => {
  it('gives its severity and text, without addresses that change from run to run', () => {
    expect(parseLogLine('[mov,mp4,m4a,3gp,3g2,mj2 @ 0x55c60d719a40] [error] moov atom not found')).toEqual({
      severity: 'error',
      text: 'mov,mp4,m4a,3gp,3g2,mj2: moov atom not found',
    })
    expect(parseLogLine("[fatal] Stream map '0:V:0' matches no streams.")?.severity).toBe('fatal')
  })

  it('does not tell where the program keeps its files', () => {
    const line = '[error] file:/proc/self/fd/5: Invalid data found when processing input'
    expect(parseLogLine(line)?.text).toBe('input: Invalid data found when processing input')
  })

  it('reads nested contexts', () => {
    const line =
      '[png @ 0x55df93063240] [IMGUTILS @ 0x7ffc92270c20] [error] Picture size 16000x16000 exceeds specified max'
    expect(parseLogLine(line)?.text).toBe('png: IMGUTILS: Picture size 16000x16000 exceeds specified max')
  })

  it('shows terminal escapes from a file as text', () => {
    expect(parseLogLine('[error] \u001b]0;pwn\u0007')?.text).toBe('\\x1b]0;pwn\\x07')
  })

  it('takes no continued line for a message', () => {
    expect(parseLogLine("To ignore this, add a trailing '?' to the map.")).toBeNull()
  })
})

describe('progress', () => {
  it('reads the time of a -progress block in seconds', () => {
    expect(parseProgress('out_time_us=40000')).toBe(0.04)
    // The older name counts microseconds as well.
    expect(parseProgress('out_time_ms=2000000')).toBe(2)
  })

  it('reads nothing from other keys or from a time not yet known', () => {
    expect(parseProgress('frame=50')).toBeNull()
    expect(parseProgress('out_time=00:00:02.000000')).toBeNull()
    expect(parseProgress('out_time_us=N/A')).toBeNull()
    expect(parseProgress('out_time_us=-44000')).toBe(0)
  })
})

describe('the failure that an ending means', () => {
  it.each([
    [
      'too many streams',
      [
        '[matroska,webm @ 0x560a8de2ca40] [error] Number of streams exceeds max_streams parameter (64), see the documentation if you wish to increase it',
        '[error] file:/proc/self/fd/5: Cannot allocate memory',
      ],
      'media.limit',
      '64 streams',
    ],
    [
      'pictures beyond the limit',
      [
        '[png @ 0x55df93063240] [IMGUTILS @ 0x7ffc92270c20] [error] Picture size 16000x16000 exceeds specified max pixel count 35389440, see the documentation if you wish to increase it',
        '[error] Error while decoding stream #0:0: Invalid argument',
      ],
      'media.limit',
      'too large',
    ],
    ['no memory left', ['[error] file:/proc/self/fd/5: Cannot allocate memory'], 'media.limit', 'memory'],
    [
      'a playlist',
      [
        "[hls @ 0x55b90009da40] [error] Format not on whitelist 'mov,mp4,matroska,webm'",
        '[error] hls_rel.mp4: Invalid argument',
      ],
      'media.unreadable',
      'container',
    ],
    [
      'a download that ended early',
      [
        '[mov,mp4,m4a,3gp,3g2,mj2 @ 0x55c60d719a40] [error] moov atom not found',
        '[error] ftyp_only.mp4: Invalid data found when processing input',
      ],
      'media.unreadable',
      'moov',
    ],
    [
      'a codec that is switched off',
      ["[magicyuv @ 0x55b4f8475fc0] [error] Codec (magicyuv) not on whitelist 'h264'"],
      'media.unreadable',
      'magicyuv',
    ],
    ['no picture and no sound', ["[fatal] Stream map '0:V:0' matches no streams."], 'media.unreadable', 'neither'],
    ['a full disk', ['[error] av_interleaved_write_frame(): No space left on device'], 'store.full', undefined],
  ] as const)('%s', (_, lines, code, words) => {
    const failure = failureOf(ended([...lines]))
    expect(failure.code).toBe(code)
    if (words) expect(failure.detail).toContain(words)
  })

  it.each([
    ['cancelled', { stopped: 'cancelled' }, 'job.cancelled'],
    ['past the wall clock', { stopped: 'timeout' }, 'media.timeout'],
    ['past the CPU time', { code: null, signal: 'SIGXCPU' }, 'media.timeout'],
    ['past the memory that was polled', { stopped: 'memory' }, 'media.limit'],
    ['killed by the system', { code: null, signal: 'SIGKILL' }, 'media.limit'],
    ['past the size of a copy', { code: null, signal: 'SIGXFSZ' }, 'media.limit'],
    ['a crash', { code: null, signal: 'SIGSEGV' }, 'media.unreadable'],
    ['an ending without a word', { code: 0 }, 'media.unreadable'],
  ] as const)('%s', (_, exit, code) => {
    expect(failureOf(ended([], exit as Partial<FfmpegExit>)).code).toBe(code)
  })
})
