/** Content Credentials as tables an analyst can read. */
import { neutralise } from '../../media/untrusted.ts'
import type { ExhibitTable } from '../signal.ts'
import { actionsOf, generatorOf, type ManifestStore, type Status } from './c2pa-store.ts'

export function manifestTable(store: ManifestStore, label: string): ExhibitTable {
  return {
    kind: 'table',
    caption: 'Content Credentials: manifests, the active one first',
    columns: ['Manifest', 'Made with', 'Signed by', 'Time', 'Actions', 'Made from'],
    rows: Object.entries(store.manifests)
      .toSorted(([a], [b]) => Number(b === label) - Number(a === label) || (a < b ? -1 : 1))
      .slice(0, 50)
      .map(([name, manifest]) => [
        neutralise(name, 80) + (name === label ? ' (active)' : ''),
        generatorOf(manifest) || 'not stated',
        neutralise(
          [manifest.signature_info?.common_name, manifest.signature_info?.issuer].filter(Boolean).join(', '),
          120,
        ) || 'not stated',
        neutralise(manifest.signature_info?.time ?? '', 40) || 'not stated',
        actionsOf(manifest)
          .slice(0, 20)
          .map(({ action, digitalSourceType }) =>
            neutralise(`${action}${digitalSourceType ? ` [${digitalSourceType.split('/').at(-1)}]` : ''}`, 100),
          )
          .join('; ') || 'none',
        manifest.ingredients
          .slice(0, 20)
          .map((i) => neutralise(`${i.title ?? 'untitled'} (${i.relationship ?? '?'})`, 100))
          .join('; ') || 'nothing',
      ]),
  }
}

export function statusTable(results: {
  success?: Status[]
  informational?: Status[]
  failure?: Status[]
}): ExhibitTable {
  const rows = (['failure', 'informational', 'success'] as const).flatMap((kind) =>
    [...Map.groupBy(results[kind] ?? [], ({ code }) => code)].map(([code, list]) => [
      kind,
      neutralise(code, 80),
      String(list.length),
      neutralise(list[0]?.explanation ?? '', 160),
    ]),
  )
  return {
    kind: 'table',
    caption: 'Validation status codes of the active manifest',
    columns: ['Result', 'Code', 'Count', 'Explanation of the reader'],
    rows: rows.slice(0, 100),
  }
}
