/** Checks a bundle: every hash, the signature, completeness and the audit chain; names exactly what differs. */
import type { BundleCheck, BundleProblem } from '../../contract/bundles.ts'
import { DECLARATION, filesOfBag, parseManifest, PAYLOAD, payloadOxum, SIGNATURE, TAGS } from './bag.ts'
import { checkChain } from './chain.ts'
import { checkContents, CONTENTS, parseContents } from './contents.ts'
import { wholeText, type Package, type PackedFile, type Tools } from './package.ts'
import { checkSignature } from './signature.ts'

export interface CheckOptions {
  /** Fingerprint that the desk gave out another way; a signature by any other key is a problem. */
  readonly fingerprint?: string | null
  /** Bytes read so far, of all that there are. */
  readonly onProgress?: (done: number, total: number) => void
}

const short = (hash: string): string => `${hash.slice(0, 16)}…`

/** Reads every file once. @throws BundleRefused for what is no bundle, damaged or unsafe */
export async function checkBundle(source: Package, tools: Tools, options: CheckOptions = {}): Promise<BundleCheck> {
  const files = filesOfBag(source)
  const problems: BundleProblem[] = []
  const add = (kind: BundleProblem['kind'], path: string, message: string): void =>
    void problems.push({ kind, path, message })
  const text = async (path: string): Promise<string | null> => {
    const file = files.get(path)
    return file ? wholeText(file) : null
  }

  const hashes = await hashAll(files, tools, options)
  if ((await text('bagit.txt')) !== DECLARATION) add('altered', 'bagit.txt', 'It does not declare a BagIt 1.0 bag.')

  const payload = parseManifest((await text(PAYLOAD)) ?? '')
  const tags = parseManifest((await text(TAGS)) ?? '')
  for (const [path, manifest] of [
    [PAYLOAD, payload],
    [TAGS, tags],
  ] as const)
    for (const line of manifest.wrong) add('malformed', path, `Line ${line} names no file, or one named before.`)
  for (const path of [PAYLOAD, TAGS, SIGNATURE]) if (!files.has(path)) add('missing', path, 'It is not in the bundle.')
  compare(hashes, new Map([...payload.hashes, ...tags.hashes]), add)

  const signature = await checkSignature((await text(SIGNATURE)) ?? '', hashes.get(TAGS) ?? null, tools)
  if (files.has(SIGNATURE)) for (const message of signature.problems) add('signature', SIGNATURE, message)
  const wanted = options.fingerprint?.replace(/[^0-9a-f]/gi, '').toLowerCase() || null
  const keyMatches = wanted === null || signature.fingerprint === null ? null : wanted === signature.fingerprint
  if (keyMatches === false)
    add('signature', SIGNATURE, `It was signed with the key ${signature.fingerprint}, not with the one you gave.`)

  const listed = new Map([...payload.hashes].filter(([path]) => path.startsWith('data/')))
  const contents = parseContents((await text(CONTENTS)) ?? '')
  if (!contents) {
    if (files.has(CONTENTS)) add('incomplete', CONTENTS, 'It does not say what the bundle holds.')
  } else for (const { path, message } of checkContents(contents, listed)) add('incomplete', path, message)
  const oxum = payloadOxum((await text('bag-info.txt')) ?? '')
  const present = [...files].filter(([path]) => path.startsWith('data/'))
  const bytes = present.reduce((sum, [, file]) => sum + file.size, 0)
  if (oxum && (oxum.files !== present.length || oxum.bytes !== bytes))
    add(
      'incomplete',
      'bag-info.txt',
      `It counts ${oxum.files} files of ${oxum.bytes} bytes; here are ${present.length} of ${bytes}.`,
    )
  if (signature.statement && contents && signature.statement.caseId !== contents.caseId)
    add('signature', SIGNATURE, 'It was made for another case.')

  const chainFile = contents?.audit.file
  const chainText = chainFile === undefined ? null : await text(chainFile)
  const chain = checkChain(chainText ?? '', tools)
  if (chainFile !== undefined && chainText !== null) {
    for (const message of chain.problems) add('chain', chainFile, message)
    if (chain.links !== contents!.audit.links || chain.head !== contents!.audit.head)
      add(
        'chain',
        chainFile,
        `It has ${chain.links} links; ${contents!.audit.links} with the head ${short(contents!.audit.head ?? 'none')} belong here.`,
      )
  }

  const broken = signature.problems.length > 0 || !files.has(SIGNATURE)
  return {
    ok: problems.length === 0,
    title: contents?.title ?? null,
    tlp: contents?.tlp ?? null,
    caseId: contents?.caseId ?? null,
    producer: contents?.producer ?? null,
    signature: {
      state: !files.has(SIGNATURE) ? 'missing' : broken ? 'wrong' : 'holds',
      fingerprint: signature.fingerprint,
      sealedAt: broken ? null : (signature.statement?.sealedAt ?? null),
      keyMatches,
    },
    files: files.size,
    bytes: [...files.values()].reduce((sum, file) => sum + file.size, 0),
    evidence: {
      included: contents?.evidence.filter((item) => item.file !== null).length ?? 0,
      hashesOnly: contents?.evidence.filter((item) => item.file === null).length ?? 0,
    },
    audit: { links: chain.links, open: chain.open, head: chain.head },
    problems,
  }
}

/** SHA-256 by path of everything in the bag. */
async function hashAll(
  files: ReadonlyMap<string, PackedFile>,
  tools: Tools,
  { onProgress }: CheckOptions,
): Promise<Map<string, string>> {
  const total = [...files.values()].reduce((sum, file) => sum + file.size, 0)
  const hashes = new Map<string, string>()
  let done = 0
  for (const [path, file] of files) {
    const hash = tools.sha256()
    for await (const part of file.read()) {
      hash.update(part)
      done += part.length
      onProgress?.(done, total)
    }
    hashes.set(path, hash.hex())
  }
  return hashes
}

/** @param listed what both manifests say, by path */
function compare(
  hashes: ReadonlyMap<string, string>,
  listed: ReadonlyMap<string, string>,
  add: (kind: BundleProblem['kind'], path: string, message: string) => void,
): void {
  const unlisted = [...hashes.keys()].filter((path) => !listed.has(path) && path !== TAGS && path !== SIGNATURE)
  const renamed = new Set<string>()
  for (const [path, expected] of listed) {
    const found = hashes.get(path)
    if (found === expected) continue
    if (found === undefined) {
      const now = unlisted.find((other) => !renamed.has(other) && hashes.get(other) === expected)
      if (now === undefined) add('missing', path, 'The manifest names it, and it is not in the bundle.')
      else {
        renamed.add(now)
        add('renamed', path, `It is now called “${now}”.`)
      }
      continue
    }
    const twin = [...listed].find(([other, hash]) => other !== path && hash === found)
    add(
      'altered',
      path,
      twin
        ? `It holds what belongs into “${twin[0]}”.`
        : `Its SHA-256 is ${short(found)}; ${short(expected)} belongs here.`,
    )
  }
  for (const path of unlisted)
    if (!renamed.has(path)) add('added', path, 'No manifest names it: it was put in afterwards.')
}
