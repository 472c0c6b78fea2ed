/** Covers faces and regions in the pictures of a report. The originals in the library are only read. */
import { createHash, randomBytes } from 'node:crypto'
import sharp, { type OverlayOptions } from 'sharp'
import type { Region } from '../../contract/common.ts'
import type { Redaction } from '../../contract/redaction.ts'
import type { Picture } from '../document.ts'
import type { OriginalPictures } from '../pictures.ts'
import type { ReportSnapshot } from '../snapshot.ts'
import { findFaces } from './faces.ts'
import type { PictureNote } from './snapshot.ts'

/** Signals whose pictures are drawings of measures and show nothing of the video. */
const CHARTS: ReadonlySet<string> = new Set(['provenance', 'encoding', 'voice', 'lip-sync'])
/** Signals whose pictures are cut around faces or enlarge parts of frames, plain and in grey under a map. */
const CLOSE: ReadonlySet<string> = new Set(['face-manipulation', 'portrait-animation', 'synthetic-image'])

const WHOLE: Region = { x: 0, y: 0, width: 1, height: 1 }

interface Shown {
  readonly sha256: string
  readonly tiles: number
  /** Null: a filmstrip. */
  readonly signal: string | null
}

/**
 * @param shown pictures that the document shows
 * @returns the snapshot with the covered pictures in the place of the originals, and their bytes by their own SHA-256
 * @throws Failure report.redaction where faces cannot be looked for
 */
export async function coverPictures(
  snapshot: ReportSnapshot,
  shown: readonly Picture[],
  originals: OriginalPictures,
  redaction: Redaction,
): Promise<{ snapshot: ReportSnapshot; pictures: OriginalPictures }> {
  const roles = rolesOf(snapshot)
  const asked = shown.flatMap(({ sha256 }) => roles.get(sha256) ?? [])
  const plans = redaction.faces === 'cover' ? await faces(asked, originals) : new Map<string, FacePlan>()
  const drawn = Map.groupBy(redaction.regions, (one) => one.picture)
  const covered = new Map<string, string>()
  const pictures = new Map<string, Uint8Array>()
  const note = { faces: { pictures: 0, places: 0 }, whole: 0 }
  const told = new Map<string, { reason: string; places: number; pictures: number }>()
  for (const { sha256 } of asked) {
    const bytes = originals.get(sha256)
    const plan = plans.get(sha256)
    const regions = drawn.get(sha256) ?? []
    const made =
      bytes && (redaction.faces === 'keep' || plan)
        ? await cover(bytes, [...(plan?.regions ?? []), ...regions.map((one) => one.region)], redaction).catch(
            () => null,
          )
        : null
    // What cannot be looked at or covered is not shown, and its hash says nothing of it either.
    const name = made ? createHash('sha256').update(made).digest('hex') : randomBytes(32).toString('hex')
    covered.set(sha256, name)
    if (!made) continue
    pictures.set(name, made)
    if (plan?.whole) note.whole += 1
    else if (plan?.regions.length) {
      note.faces.pictures += 1
      note.faces.places += plan.regions.length
    }
    for (const [reason, own] of Map.groupBy(regions, (one) => one.reason)) {
      const sum = told.get(reason) ?? { reason, places: 0, pictures: 0 }
      told.set(reason, { reason, places: sum.places + own.length, pictures: sum.pictures + 1 })
    }
  }
  const pictureNote: PictureNote = { ...note, regions: [...told.values()] }
  return {
    pictures,
    snapshot: {
      ...snapshot,
      items: snapshot.items.map((item) => ({
        ...item,
        filmstrip: item.filmstrip && { ...item.filmstrip, sha256: nameOf(covered, item.filmstrip.sha256) },
        findings: item.findings.map((finding) => ({
          ...finding,
          output: {
            ...finding.output,
            evidence: finding.output.evidence.map((exhibit) =>
              exhibit.kind === 'image' ? { ...exhibit, sha256: nameOf(covered, exhibit.sha256) } : exhibit,
            ),
          },
        })),
      })),
      redaction: snapshot.redaction && { ...snapshot.redaction, pictures: pictureNote },
    },
  }
}

/** Of pictures that the report does not show, not even the hash is told. */
const nameOf = (covered: ReadonlyMap<string, string>, sha256: string): string => covered.get(sha256) ?? '0'.repeat(64)

function rolesOf(snapshot: ReportSnapshot): Map<string, Shown> {
  const roles = new Map<string, Shown>()
  for (const { filmstrip, findings } of snapshot.items) {
    for (const { output } of findings)
      for (const exhibit of output.evidence)
        if (exhibit.kind === 'image') roles.set(exhibit.sha256, { sha256: exhibit.sha256, tiles: 1, signal: output.id })
    if (filmstrip) roles.set(filmstrip.sha256, { sha256: filmstrip.sha256, tiles: filmstrip.tiles, signal: null })
  }
  return roles
}

interface FacePlan {
  readonly regions: readonly Region[]
  readonly whole: boolean
}

/**
 * A picture that shows one frame more than once (plain, in grey, beside its copy) is covered whole where one face is
 * found in it: the other time the detector may not know it again. Absent: could not be looked at.
 */
async function faces(asked: readonly Shown[], originals: OriginalPictures): Promise<Map<string, FacePlan>> {
  const look = asked.filter(({ signal }) => signal === null || (!CHARTS.has(signal) && !CLOSE.has(signal)))
  const found = await findFaces(
    look.flatMap(({ sha256, tiles }) => {
      const bytes = originals.get(sha256)
      return bytes ? [{ sha256, bytes, tiles }] : []
    }),
  )
  const plans = new Map<string, FacePlan>()
  for (const { sha256, signal } of asked) {
    if (signal !== null && CHARTS.has(signal)) plans.set(sha256, { regions: [], whole: false })
    else if (signal !== null && CLOSE.has(signal)) plans.set(sha256, { regions: [WHOLE], whole: true })
    else {
      const regions = found.get(sha256)
      if (!regions) continue
      const whole = signal !== null && regions.length > 0
      plans.set(sha256, { regions: whole ? [WHOLE] : regions, whole })
    }
  }
  return plans
}

/** Encodes anew even where nothing is covered: without metadata, and with other bytes than the library has. */
async function cover(bytes: Uint8Array, regions: readonly Region[], { fill }: Redaction): Promise<Uint8Array> {
  const { format, width, height } = await sharp(bytes).metadata()
  const boxes = regions.map((region) => pixels(region, width, height)).filter((box) => box.width > 0 && box.height > 0)
  const layers: OverlayOptions[] = []
  for (const box of boxes)
    layers.push({ input: Buffer.from(await patch(bytes, box, fill)), left: box.left, top: box.top })
  const flat = await sharp(bytes).flatten({ background: '#ffffff' }).composite(layers).png().toBuffer()
  return format === 'png' ? flat : sharp(flat).webp({ quality: 90 }).toBuffer()
}

interface Box {
  readonly left: number
  readonly top: number
  readonly width: number
  readonly height: number
}

/** Outwards to whole pixels. */
function pixels({ x, y, width, height }: Region, wide: number, high: number): Box {
  const left = Math.max(0, Math.floor(x * wide))
  const top = Math.max(0, Math.floor(y * high))
  return {
    left,
    top,
    width: Math.min(wide, Math.ceil((x + width) * wide)) - left,
    height: Math.min(high, Math.ceil((y + height) * high)) - top,
  }
}

/** Cells of a mosaic along the longer side: so few that hardly more than the colours of a thing are left. */
const CELLS = 4

async function patch(bytes: Uint8Array, box: Box, fill: Redaction['fill']): Promise<Uint8Array> {
  const { width, height } = box
  if (fill === 'solid')
    return sharp({ create: { width, height, channels: 3, background: '#000000' } })
      .png()
      .toBuffer()
  const cell = Math.max(width, height) / CELLS
  const coarse = await sharp(bytes)
    .flatten({ background: '#ffffff' })
    .extract(box)
    .resize({
      width: Math.max(1, Math.round(width / cell)),
      height: Math.max(1, Math.round(height / cell)),
      fit: 'fill',
    })
    .png()
    .toBuffer()
  return sharp(coarse).resize({ width, height, kernel: 'nearest', fit: 'fill' }).png().toBuffer()
}
