import { describe, expect, it } from 'vitest'
import { parseResident, parseStatm } from './process-limits.ts'

describe('memory of a process', () => {
  it('is read from /proc, from ps and from tasklist', () => {
    expect(parseStatm('105256 15025 3210 81 0 60123 0\n')).toBe(15025 * 4096)
    expect(parseResident(' 60100\n')).toBe(60100 * 1024)
    expect(parseResident('"ffmpeg.exe","2201","Console","1","60.100 K"\r\n')).toBe(60100 * 1024)
  })

  it('is unknown where they say something else', () => {
    expect(parseStatm('')).toBeNull()
    expect(parseResident('INFO: No tasks are running which match the specified criteria.')).toBeNull()
  })
})
