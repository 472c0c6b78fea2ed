import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { buildNotice, ffmpegInfo, findFfmpeg, parseEncoders, parseRelease, parseVersion } from './ffmpeg.ts'

const DEBIAN = `ffmpeg version 5.1.9-0+deb12u1 Copyright (c) 2000-2026 the FFmpeg developers
built with gcc 12 (Debian 12.2.0-14+deb12u1)
configuration: --prefix=/usr --extra-version=0+deb12u1 --enable-gpl
libavutil      57. 28.100 / 57. 28.100`

describe('the build', () => {
  it('is named by its first line and a hash of its configuration', () => {
    const { version, build } = parseVersion(DEBIAN)
    expect(version).toBe('5.1.9-0+deb12u1')
    expect(build).toMatch(/^ffmpeg version 5\.1\.9-0\+deb12u1 .* \[[0-9a-f]{12}\]$/)
    expect(parseVersion(DEBIAN.replace('--enable-gpl', '--disable-gpl')).build).not.toBe(build)
  })

  it('is named alike by the banner above other output', () => {
    const banner = `warning: no version information\n${DEBIAN.replaceAll('\n', '\n  ')}`
    expect(parseVersion(banner)).toEqual(parseVersion(DEBIAN))
  })

  it('is not taken from another program', () => {
    expect(parseVersion('GNU bash, version 5.2.15').version).toBe('')
  })

  it('lists its encoders', () => {
    const table = `Encoders:
 V..... = Video
 ------
 V....D libx264              libx264 H.264 / AVC / MPEG-4 AVC / MPEG-4 part 10 (codec h264)
 A..X.. opus                 Opus
 VFS..D mpeg2video           MPEG-2 video`
    expect([...parseEncoders(table)]).toEqual(['libx264', 'opus', 'mpeg2video'])
  })

  it.each([
    ['5.1.9-0+deb12u1', [5, 1, 9]],
    ['7.1', [7, 1, 0]],
    ['n8.0.1-4-gabcdef', [8, 0, 1]],
    ['N-121000-g1234567', null],
    ['2024-05-01-git-1234567', null],
  ])('%s is release %j', (version, release) => expect(parseRelease(version)).toEqual(release))

  it.each(['4.4.2-0ubuntu0.22.04.1', '5.1.9-0+deb12u1', '6.1.1', '7.0.2', '7.1.4', '8.0.2', '8.1.2', '9.0.1'])(
    '%s raises a notice that names the version and a way out',
    (version) => {
      expect(buildNotice(version)).toContain(version)
      expect(buildNotice(version)).toMatch(/CVE-\d{4}-\d+.*update to/)
    },
  )

  it.each(['5.1.10-0+deb12u1', '6.1.6', '7.1.5', '8.0.3', '8.1.3', '9.0.2', '9.1', '10.0'])(
    '%s raises none',
    (version) => expect(buildNotice(version)).toBeNull(),
  )
})

describe('finding it', () => {
  let folder: string
  const before = { ...process.env }
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'assay-find-'))
  })
  afterEach(() => {
    process.env = { ...before }
    rmSync(folder, { recursive: true })
  })
  const program = (name: string, mode = 0o755, script = ''): string => {
    const path = join(folder, name)
    writeFileSync(path, `#!/bin/sh\n${script}`)
    chmodSync(path, mode)
    return path
  }

  it('takes FFMPEG_BIN before anything else', () => {
    process.env['FFMPEG_BIN'] = program('my-ffmpeg')
    expect(findFfmpeg()).toBe(join(folder, 'my-ffmpeg'))
  })

  it('finds none where FFMPEG_BIN is wrong, so that the mistake shows', () => {
    process.env['FFMPEG_BIN'] = join(folder, 'missing')
    expect(findFfmpeg()).toBeNull()
    process.env['FFMPEG_BIN'] = program('not-executable', 0o644)
    expect(findFfmpeg()).toBeNull()
  })

  it('never takes a folder, or a program from the current folder', () => {
    delete process.env['FFMPEG_BIN']
    mkdirSync(join(folder, 'ffmpeg'))
    process.env['PATH'] = `.:${folder}`
    expect(findFfmpeg()).not.toBe(join(folder, 'ffmpeg'))
  })

  it.each([
    ['5.1.9', false],
    ['6.0', true],
    ['N-121000-g1234567', true],
  ])('asks ffmpeg %s about itself; that it reads descriptors: %s', async (version, hasFd) => {
    const script = `
echo "ffmpeg version ${version} Copyright (c) 2000-2026 the FFmpeg developers" >&2
echo "  configuration: --enable-gpl" >&2
case "$1" in
  -encoders) echo " V....D libx264              libx264 H.264" ;;
  -protocols) printf 'Input:\\n  fd\\nOutput:\\n' ;;
esac`
    const info = await ffmpegInfo(program('ffmpeg', 0o755, script))
    expect(info).toMatchObject({ version, hasFd })
    expect([...info.encoders]).toEqual(['libx264'])
  })

  it('says media.no-ffmpeg for what does not run and for what is not ffmpeg', async () => {
    await expect(ffmpegInfo(join(folder, 'missing'))).rejects.toMatchObject({ code: 'media.no-ffmpeg' })
    await expect(ffmpegInfo(program('silent'))).rejects.toMatchObject({ code: 'media.no-ffmpeg' })
  })
})
