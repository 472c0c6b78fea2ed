import { expect, test } from 'vitest'
import sharp from 'sharp'
import { colourMap, enlarge, heat, heatOver, pictureExhibit, sideBySide, type Raster } from './exhibit.ts'

const grey = (width: number, data: number[]): Raster => ({
  width,
  height: data.length / width,
  channels: 1,
  data: Uint8Array.from(data),
})

test('a picture keeps every pixel and is the same bytes each time', async () => {
  const raster = grey(3, [0, 50, 100, 150, 200, 250])
  const first = await pictureExhibit(raster, { caption: 'C' })
  const second = await pictureExhibit(raster, { caption: 'C' })
  expect(Buffer.from(first.bytes).equals(Buffer.from(second.bytes))).toBe(true)
  expect([first.width, first.height, first.mime]).toEqual([3, 2, 'image/png'])
  const back = await sharp(first.bytes).greyscale().raw().toBuffer()
  expect([...back]).toEqual([0, 50, 100, 150, 200, 250])
})

test('a colour picture comes back in the same colours', async () => {
  const raster = colourMap([0, 0.5, 1], 3, 0, 1)
  const { bytes } = await pictureExhibit(raster, { caption: 'C' })
  expect([...(await sharp(bytes).removeAlpha().raw().toBuffer())]).toEqual([...raster.data])
})

test('the colour scale rises in lightness all the way, so that it reads in grey print too', () => {
  const light = (v: number) => {
    const [r, g, b] = heat(v)
    return 0.2126 * r + 0.7152 * g + 0.0722 * b
  }
  for (let i = 1; i <= 50; i++) expect(light(i / 50)).toBeGreaterThan(light((i - 1) / 50))
  expect(heat(-5)).toEqual(heat(0))
  expect(heat(7)).toEqual(heat(1))
})

test('a heat map leaves cells of value 0 as they were', () => {
  const over = heatOver(
    grey(
      4,
      Array.from({ length: 16 }, (_, i) => i * 10),
    ),
    [0, 1, 0, 0],
    2,
  )
  expect([...over.data.subarray(0, 3)]).toEqual([0, 0, 0])
  expect([...over.data.subarray(3, 6)]).toEqual([10, 10, 10])
  const changed = over.data.subarray(9, 12)
  expect(new Set(changed).size).toBeGreaterThan(1)
})

test('pictures are enlarged in whole pixels and set side by side', () => {
  expect([...enlarge(grey(2, [1, 2]), 2).data]).toEqual([1, 1, 2, 2, 1, 1, 2, 2])
  const both = sideBySide(grey(1, [1, 2]), grey(1, [3, 4]), 1)
  expect([both.width, ...both.data]).toEqual([3, 1, 255, 3, 2, 255, 4])
  expect(() => sideBySide(grey(1, [1]), grey(1, [1, 2]), 1)).toThrow()
})
