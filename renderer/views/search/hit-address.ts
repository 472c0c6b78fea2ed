import type { SearchHit } from '../../../main/contract/search.ts'

/** What opens when a hit is chosen: a case, a video, or the record that the words are about. */
export function hitAddress({ kind, id, about }: Pick<SearchHit, 'kind' | 'id' | 'about'>): string {
  if (kind === 'case') return `/cases/${id}`
  if (kind === 'evidence') return `/evidence/${id}`
  if (kind === 'relation' || kind === 'judgement' || kind === 'finding')
    return about ? hitAddress({ ...about, about: null }) : '/search'
  return `/records/${id}`
}
