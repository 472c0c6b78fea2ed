import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { api } from '../../client.ts'

const OWN = ['case', 'evidence', 'relation', 'judgement', 'finding'] as const

/** What a kind of hit is called, in the plural. */
export function useKindLabel(): (kind: string) => string {
  const { t } = useTranslation()
  const kinds = useQuery(api.cases.kinds.queryOptions()).data?.kinds
  return (kind) => {
    const own = OWN.find((known) => known === kind)
    return own ? t(`search.kind.${own}`) : (kinds?.find((info) => info.kind === kind)?.plural ?? kind)
  }
}
