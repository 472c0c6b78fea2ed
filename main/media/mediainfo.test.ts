import { describe, expect, it } from 'vitest'
import { quarterTurn } from './facts.ts'
import { parseReport } from './mediainfo.ts'

describe('MediaInfo’s report', () => {
  it('gives tracks as names and strings, extra fields included', () => {
    const json = JSON.stringify({
      media: {
        track: [
          { '@type': 'General', Format: 'MPEG-4', extra: { com_apple_quicktime_make: 'Apple' } },
          { '@type': 'Video', Format: 'AVC', Width: '320' },
          { '@type': 'Menu' },
        ],
      },
    })
    const report = parseReport(json)
    expect(report).toMatchObject({ video: [{ Format: 'AVC', Width: '320' }], audio: [], others: 1 })
    expect(report?.general['com_apple_quicktime_make']).toBe('Apple')
  })

  it.each(['', '{', '{"media":null}', '{"media":{"track":[{"@type":"General"}]}}', '[1]', '{"media":{"track":[7]}}'])(
    'is none where it is %j',
    (json) => expect(parseReport(json)).toBeNull(),
  )

  it('turns pictures by quarters, clockwise', () => {
    expect([null, 0, 90, 180, 270, -90, 359.9, 45.1].map(quarterTurn)).toEqual([0, 0, 90, 180, 270, 270, 0, 90])
  })
})
