/** `npm run soak`: every odd and malformed file of the development data; the tests look at a quarter of them. */
import { expect, it } from 'vitest'
import { NO_DATA } from '../fixtures/clip.ts'
import { lookAtOdd, ODD_FILES } from '../fixtures/odd-media.ts'

it.skipIf(!ODD_FILES.length)(
  `every odd file gives facts and frames, or a failure with a code${ODD_FILES.length ? '' : ` (${NO_DATA})`}`,
  async () => {
    expect(ODD_FILES.length).toBeGreaterThan(100)
    expect(await lookAtOdd(ODD_FILES)).toBeGreaterThan(70)
  },
)
