/**
 * The one place that reaches out to a network, and only when somebody types `assay models fetch`: a pinned file over https,
 * no longer than the catalogue says and refused unless its hash is the catalogue's.
 */
import { createHash } from 'node:crypto'
import { open } from 'node:fs/promises'
import { get, type RequestOptions } from 'node:https'
import type { CatalogueEntry } from '../../contract/models.ts'
import { Failure } from '../../errors.ts'

type Answer = Parameters<NonNullable<Parameters<typeof get>[2]>>[0]

const SILENCE_MS = 30_000
/** Release pages send on to a store of files; more than this is a circle. */
const MAX_REDIRECTS = 3

const failed = (detail: string, cause?: unknown): Failure => new Failure('model.not-fetched', detail, { cause })

/**
 * @param file to be made; holds only what was verified when this returns
 * @throws Failure model.not-fetched | model.untrusted
 */
export async function download(
  { url, sha256, bytes }: Pick<CatalogueEntry, 'url' | 'sha256' | 'bytes'>,
  file: string,
  options: RequestOptions = {},
): Promise<void> {
  const answer = await follow(url, options, MAX_REDIRECTS)
  const hash = createHash('sha256')
  const out = await open(file, 'wx', 0o600)
  try {
    let received = 0
    for await (const chunk of answer as AsyncIterable<Uint8Array>) {
      received += chunk.length
      if (received > bytes) throw failed(`The file is longer than the ${bytes} bytes of the catalogue.`)
      hash.update(chunk)
      await out.write(chunk)
    }
  } catch (error) {
    throw error instanceof Failure ? error : failed('The connection broke off.', error)
  } finally {
    answer.destroy()
    await out.close()
  }
  const found = hash.digest('hex')
  if (found !== sha256) throw new Failure('model.untrusted', `The file has SHA-256 ${found}, not the catalogue's.`)
}

async function follow(url: string, options: RequestOptions, left: number): Promise<Answer> {
  if (URL.parse(url)?.protocol !== 'https:') throw failed('The address is not https.')
  const answer = await new Promise<Answer>((resolve, reject) => {
    const request = get(url, { ...options, headers: { 'accept-encoding': 'identity' } }, resolve)
    request.setTimeout(SILENCE_MS, () => request.destroy(new Error('no answer')))
    request.on('error', (error) => reject(failed('There is no connection to its source.', error)))
  })
  const { statusCode = 0, headers } = answer
  if (statusCode === 200) return answer
  answer.destroy()
  if (statusCode >= 300 && statusCode < 400 && headers.location && left > 0)
    return follow(URL.parse(headers.location, url)?.href ?? '', options, left - 1)
  throw failed(`Its source answered with status ${statusCode}.`)
}
