import '@mantine/spotlight/styles.layer.css'
import { Spotlight, spotlight } from '@mantine/spotlight'
import { useDebouncedValue } from '@mantine/hooks'
import { IconArrowRight, IconSearch } from '@tabler/icons-react'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useLocation } from 'wouter'
import { api } from '../../client.ts'
import { KindMark } from '../../components/kind-mark.tsx'
import { hitAddress } from './hit-address.ts'
import { Marked } from './marked.tsx'
import styles from './search.module.css'
import { useKindLabel } from './use-kind-label.ts'

const PLACES = [
  ['/', 'start'],
  ['/intake', 'intake'],
  ['/triage', 'triage'],
  ['/cases', 'cases'],
  ['/search', 'search'],
  ['/models', 'models'],
] as const
const PARTS = [
  'records',
  'graph',
  'timeline',
  'trends',
  'map',
  'techniques',
  'hypotheses',
  'activity',
  'report',
] as const

/** Everything in two keystrokes: records by any name, and every screen. Opens when it is mounted; Ctrl+K opens it again. */
export default function Palette() {
  const { t } = useTranslation()
  const [location, navigate] = useLocation()
  const [typed, setTyped] = useState('')
  const [text] = useDebouncedValue(typed.trim(), 60)
  const label = useKindLabel()
  const open = useQuery(api.library.state.queryOptions()).data?.open
  const found = useQuery({
    ...api.search.find.queryOptions({ input: { text, limit: 40 } }),
    enabled: text !== '' && Boolean(open),
    placeholderData: keepPreviousData,
  }).data
  useEffect(() => spotlight.open(), [])
  const hits = text ? (found?.hits ?? []) : []
  const groups = [...new Set(hits.map(({ kind }) => kind))]
  const caseId = /^\/cases\/([0-9a-f-]{36})/.exec(location)?.[1]
  const commands = [
    ...(caseId
      ? PARTS.map((part) => ({
          to: `/cases/${caseId}/${part}`,
          words: t('palette.ofCase', { part: part === 'report' ? t('cases.report') : t(`cases.tabs.${part}`) }),
        }))
      : []),
    ...PLACES.map(([to, key]) => ({ to, words: t('palette.goTo', { place: t(`shell.${key}`) }) })),
    ...(['timeline', 'trends', 'map', 'techniques'] as const).map((part) => ({
      to: `/all/${part}`,
      words: t('palette.ofLibrary', { part: t(`cases.tabs.${part}`) }),
    })),
  ].filter(({ words }) =>
    typed
      .trim()
      .toLowerCase()
      .split(/\s+/)
      .every((word) => words.toLowerCase().includes(word)),
  )
  return (
    <Spotlight.Root
      query={typed}
      onQueryChange={setTyped}
      shortcut={null}
      scrollable
      maxHeight={460}
      closeOnActionTrigger
      clearQueryOnClose
    >
      <Spotlight.Search
        placeholder={t('palette.placeholder')}
        aria-label={t('palette.placeholder')}
        leftSection={<IconSearch size={17} aria-hidden="true" />}
        dir="auto"
      />
      <Spotlight.ActionsList>
        {groups.map((kind) => (
          <Spotlight.ActionsGroup key={kind} label={label(kind)}>
            {hits
              .filter((hit) => hit.kind === kind)
              .map((hit) => (
                <Spotlight.Action key={hit.id} onClick={() => navigate(hitAddress(hit))}>
                  <span className={styles.action}>
                    <KindMark kind={hit.kind} /> <Marked excerpt={hit.title} />
                    {hit.snippet ? (
                      <span className={styles.actionSnippet}>
                        <Marked excerpt={hit.snippet} />
                      </span>
                    ) : null}
                  </span>
                </Spotlight.Action>
              ))}
          </Spotlight.ActionsGroup>
        ))}
        {commands.length ? (
          <Spotlight.ActionsGroup label={t('palette.go')}>
            {commands.map(({ to, words }) => (
              <Spotlight.Action key={to} onClick={() => navigate(to)}>
                <span className={styles.action}>
                  <IconArrowRight size={14} aria-hidden="true" /> {words}
                </span>
              </Spotlight.Action>
            ))}
          </Spotlight.ActionsGroup>
        ) : null}
        {hits.length || commands.length ? null : (
          <Spotlight.Empty>{t('search.nothing', { text: typed })}</Spotlight.Empty>
        )}
      </Spotlight.ActionsList>
    </Spotlight.Root>
  )
}
