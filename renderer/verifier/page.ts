/** `verify.html`: the stand-alone verifier as one page. Built by scripts/build-verifier.ts; runs from a file. */
import { checkBundle } from '../../main/reports/verify/check.ts'
import { BundleRefused, shown, type Package } from '../../main/reports/verify/package.ts'
import { contentsWords, signatureWords, verdict } from '../../main/reports/verify/words.ts'
import { openZip } from '../../main/reports/verify/zip.ts'
import { browserTools } from './browser-tools.ts'
import { blobSource, folderPackage } from './chosen-files.ts'

const element = <T extends HTMLElement>(id: string): T => document.getElementById(id) as T
const result = element('result')
const bar = element<HTMLProgressElement>('bar')
const progress = element('progress')

/** A second choice while the first is read: only the newest is shown. */
let newest = 0

async function check(name: string, open: () => Promise<Package>): Promise<void> {
  const mine = ++newest
  result.hidden = true
  bar.hidden = false
  bar.value = 0
  progress.textContent = `Reading ${shown(name)} …`
  let drawn = 0
  try {
    const found = await checkBundle(await open(), browserTools, {
      fingerprint: element<HTMLInputElement>('key').value,
      onProgress(done, total) {
        const now = performance.now()
        if (mine !== newest || now - drawn < 100) return
        drawn = now
        bar.value = done / Math.max(1, total)
      },
    })
    if (mine !== newest) return
    show(found.ok ? 'whole' : 'differs', verdict(found))
    element('what').textContent = found.title === null ? '' : `${shown(found.title)} (TLP:${shown(found.tlp ?? '')})`
    element('signature').textContent = signatureWords(found)
    element('contents').textContent = contentsWords(found)
    const table = element<HTMLTableElement>('problems')
    table.hidden = found.ok
    table.tBodies[0]!.replaceChildren(
      ...found.problems.map(({ kind, path, message }) => {
        const row = document.createElement('tr')
        for (const text of [kind, path, message]) row.insertCell().textContent = shown(text)
        return row
      }),
    )
  } catch (error) {
    if (mine !== newest) return
    const code = error instanceof BundleRefused ? error.code : 'unreadable'
    show('refused', `Refused: ${shown((error as Error).message)} (${code})`)
    for (const id of ['what', 'signature', 'contents']) element(id).textContent = ''
    element('problems').hidden = true
    if (code === 'bundle.encrypted') element('passphrase').focus()
  } finally {
    if (mine === newest) {
      bar.hidden = true
      progress.textContent = ''
    }
  }
}

function show(state: string, words: string): void {
  result.dataset['state'] = state
  element('verdict').textContent = words
  result.hidden = false
  result.focus()
}

/** Checks what was chosen, with the key and the passphrase as they stand now. */
let again: (() => Promise<void>) | null = null

function choose(run: () => Promise<void>): void {
  again = run
  element<HTMLButtonElement>('again').disabled = false
  void run()
}

element<HTMLInputElement>('zip').addEventListener('change', ({ currentTarget }) => {
  const [file] = (currentTarget as HTMLInputElement).files ?? []
  if (file)
    choose(() =>
      check(file.name, () =>
        openZip(blobSource(file), browserTools, element<HTMLInputElement>('passphrase').value || null),
      ),
    )
})
element<HTMLInputElement>('folder').addEventListener('change', ({ currentTarget }) => {
  const files = [...((currentTarget as HTMLInputElement).files ?? [])]
  if (files[0]) choose(() => check(files[0]!.webkitRelativePath.split('/')[0] ?? '', async () => folderPackage(files)))
})
element<HTMLFormElement>('form').addEventListener('submit', (event) => {
  event.preventDefault()
  void again?.()
})
