/** The passphrase of the signing key: from a file, from the environment, or typed without being shown. Never an argument. */
import { readFileSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { Writable } from 'node:stream'
import { Failure } from '../../errors.ts'

const VARIABLE = 'ASSAY_PASSPHRASE'
/** That of an encrypted bundle is another: it is told to those who receive it. */
const OF_BUNDLE = 'ASSAY_BUNDLE_PASSPHRASE'

/** @throws Failure request.invalid where there is none to be had */
export async function readPassphrase(
  file: string | undefined,
  ask: { readonly prompt: string; readonly twice: boolean; readonly variable?: string },
): Promise<string> {
  const variable = ask.variable ?? VARIABLE
  if (file !== undefined) return checked(fromFile(file))
  const given = process.env[variable]
  if (given !== undefined) return checked(given)
  if (!process.stdin.isTTY)
    throw new Failure(
      'request.invalid',
      `Give a file that holds the passphrase, or set ${variable}; here is no terminal to ask on.`,
    )
  const first = checked(await typed(`${ask.prompt}: `))
  if (ask.twice && (await typed('Once more: ')) !== first)
    throw new Failure('request.invalid', 'The two passphrases are not the same.')
  return first
}

/**
 * Works on a bundle without a passphrase first, and where it is encrypted once more with the one that is given or asked for.
 */
export async function bundlePassphrase<T>(
  file: string | undefined,
  work: (passphrase: string | null) => Promise<T>,
): Promise<T> {
  try {
    if (file === undefined) return await work(null)
  } catch (error) {
    if ((error as { code?: unknown }).code !== 'bundle.encrypted') throw error
  }
  return work(await readPassphrase(file, { prompt: 'Passphrase of the bundle', twice: false, variable: OF_BUNDLE }))
}

/** The passphrase under which a new bundle is encrypted. */
export const newBundlePassphrase = (file: string | undefined): Promise<string> =>
  readPassphrase(file, { prompt: 'Passphrase for the bundle', twice: true, variable: OF_BUNDLE })

/** Before any work is done with it. */
function checked(passphrase: string): string {
  if (passphrase.length >= 12) return passphrase
  throw new Failure('request.invalid', 'A passphrase has at least 12 characters.')
}

/** Without the line break that editors put at the end. */
function fromFile(file: string): string {
  try {
    return readFileSync(file, 'utf8').replace(/\r?\n$/, '')
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    throw new Failure('request.invalid', `The passphrase file cannot be read (${code}).`, { cause: error })
  }
}

function typed(prompt: string): Promise<string> {
  process.stderr.write(prompt)
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() })
  const lines = createInterface({ input: process.stdin, output: nowhere, terminal: true })
  return new Promise((resolve, reject) => {
    lines.once('line', (line) => {
      resolve(line)
      lines.close()
    })
    lines.once('close', () => {
      process.stderr.write('\n')
      reject(new Failure('request.invalid', 'No passphrase was typed.'))
    })
  })
}
