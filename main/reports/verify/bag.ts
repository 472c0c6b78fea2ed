/** The BagIt part of a bundle (RFC 8493): where it lies in the package, its manifests, its declaration. */
import { BundleRefused, type PackedFile, type Package } from './package.ts'

export const PAYLOAD = 'manifest-sha256.txt'
export const TAGS = 'tagmanifest-sha256.txt'
export const SIGNATURE = 'signature.json'
export const DECLARATION = 'BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n'

/** Files by their path inside the bag, whichever folder of the package holds it. @throws BundleRefused */
export function filesOfBag({ files }: Package): Map<string, PackedFile> {
  const marks = files.filter(({ path }) => path === 'bagit.txt' || /^[^/]+\/bagit\.txt$/.test(path))
  if (marks.length !== 1)
    throw new BundleRefused('bundle.not-bundle', marks.length ? 'It holds several bags.' : 'It holds no bagit.txt.')
  const top = marks[0]!.path.slice(0, -'bagit.txt'.length)
  const stray = files.find(({ path }) => !path.startsWith(top))
  if (stray) throw new BundleRefused('bundle.not-bundle', `“${stray.path}” lies outside the bag.`)
  return new Map(files.map((file) => [file.path.slice(top.length), file]))
}

export interface Manifest {
  /** SHA-256 by path. */
  readonly hashes: ReadonlyMap<string, string>
  /** Lines that are none, by number from 1. */
  readonly wrong: readonly number[]
}

/** RFC 8493, section 2.1.3: a checksum, white space, a path with CR, LF and percent signs escaped. */
export function parseManifest(text: string): Manifest {
  const hashes = new Map<string, string>()
  const wrong: number[] = []
  const lines = text.split('\n')
  if (lines.at(-1) === '') lines.pop()
  for (const [place, line] of lines.entries()) {
    const match = /^([0-9a-f]{64}) {2}([^\r\n]+)$/.exec(line)
    const path = match?.[2]?.replace(/%0D/gi, '\r').replace(/%0A/gi, '\n').replace(/%25/g, '%')
    if (!match || path === undefined || hashes.has(path)) wrong.push(place + 1)
    else hashes.set(path, match[1]!)
  }
  return { hashes, wrong }
}

const escaped = (path: string): string => path.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A')

/** In the order of the paths, so that equal contents give equal bytes. */
export const writeManifest = (hashes: ReadonlyMap<string, string>): string =>
  [...hashes]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([path, hash]) => `${hash}  ${escaped(path)}\n`)
    .join('')

/** Of `bag-info.txt`: bytes and number of payload files (RFC 8493, section 2.2.2). */
export function payloadOxum(bagInfo: string): { bytes: number; files: number } | null {
  const match = /^Payload-Oxum: (\d+)\.(\d+)$/m.exec(bagInfo)
  return match ? { bytes: Number(match[1]), files: Number(match[2]) } : null
}
