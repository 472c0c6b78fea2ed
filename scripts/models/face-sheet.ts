/** Draws detections onto pictures and puts them together on one sheet, to be looked at. */
import sharp from 'sharp'
import type { Detection } from '../../main/signals/faces/candidates.ts'
import type { Picture } from '../../main/signals/faces/reduce.ts'

const CELL = 160
const ACROSS = 10

export async function contactSheet(
  items: readonly { picture: Picture; found: readonly Detection[] }[],
  path: string,
): Promise<void> {
  const cells = await Promise.all(
    items.map(async ({ picture: { data, width, height }, found }, i) => {
      const shapes = found.map(({ box, landmarks, score }) => {
        const line = Math.max(width, height) / 100
        const dots = [0, 1, 2, 3, 4].map(
          (p) => `<circle cx="${landmarks[2 * p]}" cy="${landmarks[2 * p + 1]}" r="${line}" fill="red"/>`,
        )
        return `<rect x="${box.x}" y="${box.y}" width="${box.width}" height="${box.height}" fill="none" stroke="lime" stroke-width="${line}"/>${dots.join('')}<text x="2" y="${10 * line}" font-size="${8 * line}" fill="yellow">${score.toFixed(2)}</text>`
      })
      const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">${shapes.join('')}</svg>`
      const drawn = await sharp(data, { raw: { width, height, channels: 3 } })
        .composite([{ input: Buffer.from(svg), left: 0, top: 0 }])
        .png()
        .toBuffer()
      return {
        input: await sharp(drawn).resize(CELL, CELL, { fit: 'contain' }).png().toBuffer(),
        left: (i % ACROSS) * CELL,
        top: Math.floor(i / ACROSS) * CELL,
      }
    }),
  )
  const height = Math.max(1, Math.ceil(items.length / ACROSS)) * CELL
  await sharp({ create: { width: ACROSS * CELL, height, channels: 3, background: 'black' } })
    .composite(cells)
    .png()
    .toFile(path)
}
