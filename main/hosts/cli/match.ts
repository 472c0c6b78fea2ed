/** `assay match FILE…`: is this footage in the library? Nothing is taken in. */
import { Command } from 'commander'
import { resolve } from 'node:path'
import type { FileMatch, FileMatches, MatchSegment } from '../../contract/matching.ts'
import { Failure } from '../../errors.ts'
import type { Shutdown } from '../shutdown.ts'
import { inLibrary, told, withoutLibrary } from './session.ts'
import { clock, jsonLine, visible } from './terminal.ts'
import type { Refusal } from './triage-result.ts'

const EXAMPLES = `
Examples:
  assay match clip.mp4 --library ~/cases/2024
      which items of the library show the same footage, when, and how it was changed
  assay match --json downloads/*.mp4 --library ~/cases/2024 | jq -r 'select(.matches[0]) | .file'
      the files that show something known

Without --library it looks in the library that was open last on this machine.
Exit status: 0 all files looked up (found or not), 2 some refused or failed, 1 a defect of Assay.`

/** One line of `--json`. */
type MatchResult = { readonly file: string } & (FileMatches | { readonly error: Refusal })

export function matchCommand(shutdown: Shutdown, exit: (code: number) => void): Command {
  return new Command('match')
    .description(
      'look videos up in a library without taking them in: the same footage, also mirrored, cropped or re-cut',
    )
    .argument('<file...>', 'video files')
    .option('--library <dir>', 'the library (default: the one that was open last)')
    .option('--json', 'one JSON document per file and line', false)
    .addHelpText('after', EXAMPLES)
    .action(async (files: string[], options: { library?: string; json: boolean }) => {
      const folder = options.library ?? (await lastLibrary())
      await inLibrary({ folder }, async ({ client }) => {
        for (const file of files) {
          if (shutdown.code() !== null) return exit(shutdown.code()!)
          let result: MatchResult
          try {
            result = { file, ...(await client.matching.matchFile({ path: resolve(file) })) }
          } catch (error) {
            const { code, message, remedy, detail } = told(error)
            exit(code === 'internal' ? 1 : 2)
            result = { file, error: { code, message, remedy, detail } }
          }
          process.stdout.write(options.json ? `${jsonLine(result)}\n` : `${readable(result)}\n\n`)
        }
      })
    })
}

async function lastLibrary(): Promise<string> {
  const { recent } = await withoutLibrary((client) => client.library.state())
  const last = recent.find(({ present }) => present)
  if (!last) throw new Failure('store.none', 'Name one with --library DIR.')
  console.error(visible(`Looking in ${last.folder}`))
  return last.folder
}

/** Several lines for a person; names come from files and are made harmless. */
function readable(result: MatchResult): string {
  const lines = [result.file]
  if ('error' in result) {
    const { code, message, detail, remedy } = result.error
    lines.push(`  ${code}: ${message}${detail ? ` ${detail}` : ''}`, `  → ${remedy}`)
    return lines.map(visible).join('\n')
  }
  lines.push(`  sha256 ${result.sha256}${result.evidenceId ? ' (in the library)' : ''}`)
  for (const match of result.matches) lines.push(...matchLines(match))
  for (const { listName, entryId, labels, frames, distance } of result.lists)
    lines.push(`  on the hash list “${listName}”${entryId ? ` as “${entryId}”` : ''}${labels.length ? ` (${labels.join(', ')})` : ''}: ${frames} frames, nearest at ${distance} bits`) // prettier-ignore
  if (result.reason) lines.push(`  not compared: ${result.reason}`)
  else if (!result.matches.length && !result.lists.length) {
    const { videos } = result
    lines.push(videos ? `  nothing alike among ${videos} items` : '  the library has no footage to compare with')
  }
  return lines.map(visible).join('\n')
}

function matchLines({
  words,
  strength,
  known,
  segments,
}: Pick<FileMatch, 'words' | 'strength' | 'known' | 'segments'>): string[] {
  const stretch = ({ from, to, knownFrom, speed, words: why }: MatchSegment): string =>
    `    ${clock(from)} to ${clock(to)} is ${clock(Math.max(0, knownFrom))} to ${clock(Math.max(0, knownFrom + speed * (to - from)))} there: ${why}`
  return [`  “${known.name}”: ${words} (${strength} support)`, ...segments.map(stretch)]
}
