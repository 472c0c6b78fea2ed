/** What a check found, in lines for a person: the same in Assay, in the script and on the page. */
import type { BundleCheck, BundleProblem } from '../../contract/bundles.ts'
import { shown } from './package.ts'

const KINDS: Readonly<Record<BundleProblem['kind'], string>> = {
  missing: 'missing',
  added: 'added',
  altered: 'altered',
  renamed: 'renamed',
  malformed: 'malformed',
  signature: 'signature',
  incomplete: 'incomplete',
  chain: 'audit chain',
}

/** `altered  data/findings.json  Its SHA-256 is …` */
export const problemLine = ({ kind, path, message }: BundleProblem): string =>
  `${KINDS[kind]}: ${shown(path)}: ${shown(message)}`

export function verdict(check: BundleCheck): string {
  if (check.ok) return 'The bundle is whole: nothing was altered, removed, added or re-ordered since it was sealed.'
  const count = check.problems.length
  return `The bundle is not as it was sealed: ${count} ${count === 1 ? 'difference' : 'differences'}.`
}

/** Who sealed it, and what that is worth. */
export function signatureWords({ signature }: BundleCheck): string {
  if (signature.state === 'missing') return 'It carries no signature.'
  if (signature.state === 'wrong') return 'Its signature does not hold.'
  const key = `Sealed ${signature.sealedAt} with the key ${signature.fingerprint}.`
  if (signature.keyMatches) return `${key} That is the key you gave.`
  return `${key} Compare this fingerprint with the one that the desk gave you another way; until then nobody has checked whose key it is.`
}

export function contentsWords({ files, bytes, evidence, audit }: BundleCheck): string {
  const items = `${evidence.included} ${evidence.included === 1 ? 'original' : 'originals'} inside, ${evidence.hashesOnly} by hash only`
  return `${files} files, ${bytes} bytes; ${items}; ${audit.links} links of the audit chain, ${audit.open} with what they record.`
}

/** Everything, the verdict last. */
export const checkLines = (check: BundleCheck): string[] => [
  ...(check.title === null ? [] : [`${shown(check.title)} (TLP:${shown(check.tlp ?? '')})`]),
  ...check.problems.map(problemLine),
  contentsWords(check),
  signatureWords(check),
  verdict(check),
]
