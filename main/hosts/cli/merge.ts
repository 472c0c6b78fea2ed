/** `assay merge BUNDLE --library DIR`: a colleague's bundle, looked at first and taken in as one step. */
import { Command } from 'commander'
import { resolve } from 'node:path'
import { createInterface } from 'node:readline/promises'
import type { Merged, MergePreview } from '../../contract/bundle-merge.ts'
import { Failure } from '../../errors.ts'
import type { Shutdown } from '../shutdown.ts'
import { bundlePassphrase } from './passphrase.ts'
import { inLibrary } from './session.ts'
import { followed } from './told.ts'
import { bytes, jsonLine, table, visible } from './terminal.ts'

interface Options {
  library: string
  key?: string
  passphraseFile?: string
  yes: boolean
  json: boolean
}

const EXAMPLES = `
Examples:
  assay merge may.zip --library ~/cases/2024 --key 3f2a9c…   look at it, then answer whether to take it in
  assay merge may.zip --library ~/cases/2024 --json          what it would do, as JSON; --yes also does it

Nothing that stands in the library is changed: other values stand beside, each with its source. The whole merge is one
step, which can be taken back (assay case undo, or Undo in the window).
Exit status: 0 looked at or merged, 2 refused.`

export function mergeCommand(shutdown: Shutdown): Command {
  return new Command('merge')
    .description("take a colleague's bundle into a library, without a network")
    .argument('<bundle>', 'a sealed bundle (zip or unpacked)')
    .requiredOption('--library <dir>', 'the library')
    .option('--key <fingerprint>', 'the key that must have sealed it, as the desk gave it to you')
    .option('--passphrase-file <file>', 'of an encrypted bundle: file that holds its passphrase')
    .option('--yes', 'merge without asking', false)
    .option('--json', 'the preview, and with --yes what was done, as JSON', false)
    .addHelpText('after', EXAMPLES)
    .action((path: string, options: Options) => run(path, options, shutdown.signal))
}

async function run(path: string, { library, key, passphraseFile, yes, json }: Options, signal: AbortSignal) {
  await inLibrary({ folder: library }, async ({ client }) => {
    const input = { source: { path: resolve(path) }, fingerprint: key ?? null }
    const { preview, passphrase } = await bundlePassphrase(passphraseFile, async (given) => ({
      preview: await followed(await client.bundles.previewMerge({ ...input, passphrase: given }, { signal })),
      passphrase: given,
    }))
    if (json) console.log(jsonLine(preview))
    else for (const line of previewLines(preview)) console.log(visible(line))
    if (!yes && (json || !(await agreed()))) return
    const merged = await followed(await client.bundles.merge({ ...input, passphrase, seal: preview.seal }, { signal }))
    if (json) console.log(jsonLine(merged))
    else for (const line of mergedLines(merged)) console.log(visible(line))
  })
}

async function agreed(): Promise<boolean> {
  if (!process.stdin.isTTY) {
    console.error('Nothing was merged: give --yes to merge where there is no terminal to ask on.')
    return false
  }
  const lines = createInterface({ input: process.stdin, output: process.stderr })
  try {
    return /^y(es)?$/i.test((await lines.question('Merge it? [y/N] ')).trim())
  } finally {
    lines.close()
  }
}

const KEYS: Readonly<Record<MergePreview['key']['known'], string>> = {
  own: 'a key of this library',
  seen: 'a bundle with this key was merged before',
  new: 'a key that was never met here: compare it with the one the desk gave you another way',
}

function previewLines(preview: MergePreview): string[] {
  const { title, tlp, libraryName, sealedAt, key, counts, conflicts, conflictCount, left } = preview
  if (key.matches === false)
    throw new Failure('bundle.altered', 'It was sealed with another key than the one you gave.')
  return [
    `${title} (TLP:${tlp}), sealed ${sealedAt} by “${libraryName}”`,
    `key ${key.fingerprint}: ${key.matches ? 'the key you gave' : KEYS[key.known]}`,
    ...table([
      ['', 'new', 'same', 'differs'],
      ...counts.map(({ kind, added, same, differs }) => [kind, String(added), String(same), String(differs)]),
    ]).split('\n'),
    `${bytes(preview.bytes)} of originals would come into the vault`,
    ...conflicts.flatMap(({ kind, name, field, ours, theirs, outcome }) => [
      `${kind} “${name}”, ${field}:`,
      `  here:  ${ours}`,
      `  there: ${theirs}`,
      `  → ${outcome}`,
    ]),
    ...(conflictCount > conflicts.length ? [`and ${conflictCount - conflicts.length} more differences`] : []),
    ...left,
  ]
}

const mergedLines = ({ added, operation, evidenceIds, left }: Merged): string[] => [
  ...left,
  ...(evidenceIds.length
    ? [`${evidenceIds.length} originals came into the vault; a triage makes their pictures.`]
    : []),
  operation
    ? `Merged: ${added} rows, as one step (${operation.id}).`
    : 'Everything in it was here already; nothing was changed.',
]
