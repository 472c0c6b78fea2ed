import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { fromHex, hamming, pdq, pdqBoth, PdqHasher, pdqOf, toHex, type Region } from './pdq.ts'

/** A picture of smooth shapes, the same at every size. */
function drawn(width: number, height: number): Uint8Array {
  const at = (u: number, v: number): number =>
    128 +
    40 * Math.sin(9 * u + 3 * v) +
    30 * Math.sin(4 * v * v + 2) +
    25 * Math.cos(14 * u * v + 5 * u) +
    25 * Math.sin(21 * (u - v))
  return Uint8Array.from({ length: width * height }, (_, i) =>
    Math.round(at(((i % width) + 0.5) / width, (Math.floor(i / width) + 0.5) / height)),
  )
}

const mirrored = (image: Uint8Array, width: number): Uint8Array =>
  image.map((_, i) => image[i - (i % width) + width - 1 - (i % width)]!)

function cut(image: Uint8Array, width: number, { x, y, width: w, height: h }: Region): Uint8Array {
  return Uint8Array.from({ length: w * h }, (_, i) => image[(y + Math.floor(i / w)) * width + x + (i % w)]!)
}

const distance = (a: Uint8Array, b: Uint8Array): number => hamming(a, 0, b, 0)

describe('the hash of a picture', () => {
  it('has half of its bits set, and changes little with the size and the light of the picture', () => {
    const large = pdq(drawn(700, 500), 700, 500)
    expect(distance(large.hash, new Uint8Array(32))).toBe(128)
    expect(large.quality).toBe(100)
    expect(distance(large.hash, pdq(drawn(512, 512), 512, 512).hash)).toBeLessThanOrEqual(16)
    const faded = drawn(700, 500).map((grey) => 60 + grey / 3)
    expect(distance(large.hash, pdq(faded, 700, 500).hash)).toBeLessThanOrEqual(10)
  })

  it('of a frame is near to that of the picture at full size', () => {
    const frame = pdqOf(drawn(256, 256), 256, 256)
    expect(distance(frame.hash, pdq(drawn(1280, 1024), 1280, 1024).hash)).toBeLessThanOrEqual(10)
  })

  it('of a frame follows the reference at the size that the frame was made from', () => {
    const original = { width: 480, height: 300 }
    const reference = pdq(drawn(480, 300), 480, 300).hash
    const near = new PdqHasher(original).hash(drawn(256, 256), 256, 256).hash
    expect(distance(near, reference)).toBeLessThanOrEqual(4)
    expect(distance(near, reference)).toBeLessThan(distance(pdqOf(drawn(256, 256), 256, 256).hash, reference))
    // On a frame that was never shrunk, nothing but the edges can differ.
    const same = new PdqHasher({ width: 256, height: 256 }).hash(drawn(256, 256), 256, 256).hash
    expect(distance(same, pdq(drawn(256, 256), 256, 256).hash)).toBeLessThanOrEqual(4)
  })

  it('comes with that of its mirror image', () => {
    const image = drawn(256, 256)
    const [one, other] = [pdqOf(image, 256, 256), pdqOf(mirrored(image, 256), 256, 256)]
    expect(distance(one.hash, other.hash)).toBeGreaterThan(80)
    expect(distance(one.mirrored, other.hash)).toBeLessThanOrEqual(2)
    expect(distance(other.mirrored, one.hash)).toBeLessThanOrEqual(2)
    const large = drawn(1000, 800)
    expect(
      distance(pdqBoth(large, 1000, 800).mirrored, pdq(mirrored(large, 1000), 1000, 800).hash),
    ).toBeLessThanOrEqual(16)
  })

  it('of a part is that of the part cut out', () => {
    const image = drawn(256, 256)
    const side = fc.tuple(fc.integer({ min: 0, max: 255 }), fc.integer({ min: 0, max: 255 }))
    fc.assert(
      fc.property(side, side, ([x1, x2], [y1, y2]) => {
        const region = {
          x: Math.min(x1, x2),
          y: Math.min(y1, y2),
          width: Math.abs(x1 - x2) + 1,
          height: Math.abs(y1 - y2) + 1,
        }
        const { width, height } = region
        expect(pdqOf(image, 256, 256, region)).toEqual(pdqOf(cut(image, 256, region), width, height))
      }),
    )
  })

  it('is worth nothing where there is nothing to see, and exists for every size', () => {
    expect(pdq(new Uint8Array(300 * 200).fill(90), 300, 200).quality).toBe(0)
    for (const [width, height] of [
      [1, 1],
      [1, 300],
      [63, 2],
      [64, 64],
      [129, 65],
    ] as const) {
      expect(pdq(drawn(width, height), width, height).hash).toHaveLength(32)
      expect(pdqOf(drawn(width, height), width, height).hash).toHaveLength(32)
    }
  })

  it('is the same from bytes and from fractions, and in any order of frames', () => {
    const image = drawn(256, 256)
    const first = pdqOf(image, 256, 256)
    pdqOf(drawn(90, 40), 90, 40)
    expect(pdqOf(Float32Array.from(image), 256, 256)).toEqual(first)
  })

  it.each([
    [256, 256, { x: 0, y: 0, width: 257, height: 10 }],
    [256, 256, { x: -1, y: 0, width: 20, height: 10 }],
    [256, 256, { x: 0.5, y: 0, width: 20, height: 10 }],
    [256, 256, { x: 0, y: 0, width: 0, height: 10 }],
    [300, 256, undefined],
  ])('is refused outside of the picture: %s x %s, %o', (width, height, region) => {
    expect(() => pdqOf(drawn(256, 256), width, height, region)).toThrow(RangeError)
  })
})

describe('printed hashes', () => {
  it('begin with the last word and are read back', () => {
    const hash = fc.uint8Array({ minLength: 32, maxLength: 32 })
    fc.assert(
      fc.property(hash, hash, (a, b) => {
        expect(fromHex(toHex(a))).toEqual(a)
        const list = Uint8Array.from([...a, ...b])
        expect(toHex(list, 32)).toBe(toHex(b))
        const bits = (BigInt(`0x${toHex(a)}`) ^ BigInt(`0x${toHex(b)}`)).toString(2).replaceAll('0', '').length
        expect(hamming(list, 0, list, 32)).toBe(bits)
      }),
    )
  })

  it('are undefined where they are anything else', () => {
    for (const text of [
      '',
      'g'.repeat(64),
      'a'.repeat(63),
      'a'.repeat(65),
      ` ${'a'.repeat(63)}`,
      `${'a'.repeat(64)}\n`,
    ])
      expect(fromHex(text)).toBeUndefined()
  })
})
