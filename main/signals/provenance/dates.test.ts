import { describe, expect, it } from 'vitest'
import { dateContradictions, parseDate, type StatedDate } from './dates.ts'
import { lavfEarliest, systemEarliest, x264Earliest } from './encoder-releases.ts'

const created = (place: string, text: string): StatedDate => ({ place, kind: 'created', text, at: parseDate(text)! })
const codes = (dates: StatedDate[], texts: string[] = []) =>
  dateContradictions(dates, texts, null).map(({ code }) => code)

describe('dates as writers put them', () => {
  it.each([
    ['2018-12-02T14:56:14-0500', '2018-12-02T19:56:14.000Z'],
    ['2016-07-10T17:36:54+08:00', '2016-07-10T09:36:54.000Z'],
    ['UTC 2020-05-01 10:00:00', '2020-05-01T10:00:00.000Z'],
    ['2022-08-08T21:49Z', '2022-08-08T21:49:00.000Z'],
    ['2024:01:02 03:04:05', '2024-01-02T03:04:05.000Z'],
  ])('reads %s', (text, iso) => {
    expect(new Date(parseDate(text)!).toISOString()).toBe(iso)
  })

  it.each(['2024', 'yesterday', '2024-13-01', '', '20240102'])('leaves %j alone', (text) => {
    expect(parseDate(text)).toBeNull()
  })
})

describe('when software came into being', () => {
  it('bounds an FFmpeg version by the branch before it', () => {
    expect(new Date(lavfEarliest('Lavf58.29.100')!.at).toISOString().slice(0, 10)).toBe('2018-11-02')
    expect(new Date(lavfEarliest('Lavf60.3.100')!.at).toISOString().slice(0, 10)).toBe('2022-07-13')
    expect(lavfEarliest('Lavf52.1.0')).toBeNull()
  })

  it('takes the year of an x264 build from its copyright line', () => {
    const sei =
      'x264 - core 157 r2935 545de2f - H.264/MPEG-4 AVC codec - Copyleft 2003-2018 - http://www.videolan.org/x264.html'
    expect(new Date(x264Earliest(sei)!.at).getUTCFullYear()).toBe(2018)
  })

  it('allows for test versions of phone systems', () => {
    expect(systemEarliest('iOS', '17.4.1')!.at).toBeLessThan(Date.parse('2023-06-05'))
    expect(systemEarliest('Android', '99')).toBeNull()
  })
})

describe('contradictions between dates', () => {
  it('finds none where a local time and UTC only differ by the zone', () => {
    expect(codes([created('movie header', '2024-03-01T10:00:00Z'), created('tag', '2024-03-02T09:30:00')])).toEqual([])
  })

  it('notes creation dates that lie further apart than any zone explains', () => {
    expect(codes([created('movie header', '2024-03-01T10:00:00Z'), created('tag', '2021-03-02T09:30:00')])).toEqual([
      'provenance.date-mismatch',
    ])
  })

  it('takes the first date of an export that is made anew for no contradiction', () => {
    const [only] = dateContradictions(
      [created('tag xmp:CreateDate', '2015-09-25T10:00:00Z'), created('movie header', '2023-01-31T10:00:00Z')],
      [],
      null,
    )
    expect(only).toMatchObject({ code: 'provenance.date-mismatch', weight: 'context' })
  })

  it('still notes that the other dates of such an export contradict each other', () => {
    const [only] = dateContradictions(
      [
        created('tag xmp:CreateDate', '2015-09-25T10:00:00Z'),
        created('tag date', '2018-03-04T10:00:00Z'),
        created('movie header', '2023-01-31T10:00:00Z'),
      ],
      [],
      null,
    )
    expect(only).toMatchObject({ code: 'provenance.date-mismatch', weight: 'some' })
  })

  it('notes a creation date before the software that wrote the file', () => {
    expect(codes([created('movie header', '2016-03-01T10:00:00Z')], ['Lavf58.76.100'])).toEqual([
      'provenance.date-before-software',
    ])
    expect(codes([created('movie header', '2022-03-01T10:00:00Z')], ['Lavf58.76.100'])).toEqual([])
  })

  it('does not count an unset clock as a contradiction', () => {
    const [only, ...rest] = dateContradictions(
      [created('movie header', '1970-01-01T00:00:00Z')],
      ['Lavf58.76.100'],
      null,
    )
    expect(only).toMatchObject({ code: 'provenance.date-unset', weight: 'context' })
    expect(rest).toEqual([])
  })

  it('notes a file created after its Content Credentials were signed', () => {
    const signed: StatedDate = { place: 'signature', kind: 'signed', text: '', at: parseDate('2023-01-01T00:00:00Z')! }
    expect(codes([created('movie header', '2024-03-01T10:00:00Z'), signed])).toEqual([
      'provenance.date-after-signature',
    ])
  })
})
