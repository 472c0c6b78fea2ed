import { ActionIcon, Button, Chip, Popover, TextInput } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { IconBookmark, IconSearch, IconX } from '@tabler/icons-react'
import { keepPreviousData, useMutation, useQuery } from '@tanstack/react-query'
import { useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import type { SearchHit, SearchKind } from '../../../main/contract/search.ts'
import { api, queryClient } from '../../client.ts'
import { EmptyState } from '../../components/empty-state.tsx'
import { KindMark } from '../../components/kind-mark.tsx'
import { Loaded } from '../../components/loaded.tsx'
import { notifyFailure } from '../../components/notify.ts'
import { PageHeader } from '../../components/page-header.tsx'
import { Panel } from '../../components/panel.tsx'
import { WithLibrary } from '../../components/with-library.tsx'
import { kept, useKept } from '../../kept.ts'
import { hitAddress } from './hit-address.ts'
import { Marked } from './marked.tsx'
import styles from './search.module.css'
import { useKindLabel } from './use-kind-label.ts'

interface Query {
  readonly text: string
  readonly kinds: readonly SearchKind[]
}
const lastQuery = kept<Query>({ text: '', kinds: [] })

/** One box over everything: names, aliases, values, notes, judgements, in any script. */
export default function Search() {
  const { t } = useTranslation()
  return (
    <WithLibrary title={t('search.title')}>
      <OpenSearch />
    </WithLibrary>
  )
}

function OpenSearch() {
  const { t } = useTranslation()
  const [query, setQuery] = useKept(lastQuery)
  const [text] = useDebouncedValue(query.text.trim(), 60)
  const kinds = useQuery(api.cases.kinds.queryOptions()).data?.kinds ?? []
  const label = useKindLabel()
  const box = useRef<HTMLInputElement>(null)
  useEffect(() => box.current?.focus(), [])
  const found = useQuery({
    ...api.search.find.queryOptions({ input: { text, kinds: [...query.kinds], limit: 200 } }),
    enabled: text !== '',
    placeholderData: keepPreviousData,
  })
  const offered: SearchKind[] = [
    'case',
    'evidence',
    ...kinds.map(({ kind }) => kind),
    'relation',
    'judgement',
    'finding',
  ]
  return (
    <>
      <PageHeader
        title={t('search.title')}
        lead={t('search.lead')}
        actions={
          <nav aria-label={t('search.library')} className={styles.library}>
            {(['timeline', 'trends', 'map', 'techniques'] as const).map((part) => (
              <Button key={part} component={Link} href={`/all/${part}`} variant="default">
                {t(`cases.tabs.${part}`)}
              </Button>
            ))}
          </nav>
        }
      />
      <div className={styles.page}>
        <div className={styles.box}>
          <TextInput
            size="md"
            aria-label={t('search.box')}
            placeholder={t('search.placeholder')}
            leftSection={<IconSearch size={18} aria-hidden="true" />}
            value={query.text}
            onChange={(event) => setQuery({ ...query, text: event.currentTarget.value })}
            dir="auto"
            ref={box}
          />
          <SaveView query={query} />
        </div>
        <SavedViews onUse={setQuery} />
        <Chip.Group
          multiple
          value={[...query.kinds]}
          onChange={(next) => setQuery({ ...query, kinds: next as SearchKind[] })}
        >
          <div className={styles.chips} role="group" aria-label={t('search.kinds')}>
            {offered.map((kind) => (
              <Chip key={kind} value={kind} size="xs" variant="outline">
                {label(kind)}
              </Chip>
            ))}
          </div>
        </Chip.Group>
        {text === '' ? (
          <EmptyState icon={<IconSearch size={40} stroke={1.3} />} title={t('search.start')}>
            {t('search.startHelp')}
          </EmptyState>
        ) : (
          <Loaded query={found}>
            {({ hits, more }) =>
              hits.length ? (
                <>
                  <p className={styles.count} role="status">
                    {more ? t('search.countMore', { count: hits.length }) : t('search.count', { count: hits.length })}
                  </p>
                  <Hits hits={hits} />
                </>
              ) : (
                <EmptyState title={t('search.nothing', { text })}>{t('search.nothingHelp')}</EmptyState>
              )
            }
          </Loaded>
        )}
      </div>
    </>
  )
}

/** Hits grouped by kind, the group with the best hit first. */
function Hits({ hits }: { readonly hits: readonly SearchHit[] }) {
  const label = useKindLabel()
  const groups = [...new Set(hits.map(({ kind }) => kind))]
  return (
    <div className={styles.groups}>
      {groups.map((kind) => (
        <Panel
          key={kind}
          title={
            <span className={styles.group}>
              <KindMark kind={kind} /> {label(kind)}
            </span>
          }
          flush
        >
          <ul>
            {hits
              .filter((hit) => hit.kind === kind)
              .map((hit) => (
                <li key={hit.id} className={styles.hit}>
                  <Link href={hitAddress(hit)}>
                    <Marked excerpt={hit.title} />
                  </Link>
                  {hit.snippet ? (
                    <p className={styles.snippet}>
                      <Marked excerpt={hit.snippet} />
                    </p>
                  ) : null}
                </li>
              ))}
          </ul>
        </Panel>
      ))}
    </div>
  )
}

const viewsChanged = () => queryClient.invalidateQueries({ queryKey: api.search.views.key() })

function SaveView({ query }: { readonly query: Query }) {
  const { t } = useTranslation()
  const [opened, setOpened] = useState(false)
  const [name, setName] = useState('')
  const save = useMutation(
    api.search.saveView.mutationOptions({
      async onSuccess() {
        setOpened(false)
        setName('')
        await viewsChanged()
      },
      onError: notifyFailure,
    }),
  )
  return (
    <Popover opened={opened} onChange={setOpened} trapFocus withRoles position="bottom-end">
      <Popover.Target>
        <Button
          size="md"
          variant="default"
          leftSection={<IconBookmark size={15} />}
          disabled={!query.text.trim()}
          onClick={() => setOpened((known) => !known)}
        >
          {t('search.save')}
        </Button>
      </Popover.Target>
      <Popover.Dropdown aria-label={t('search.save')}>
        <form
          className={styles.save}
          onSubmit={(event) => {
            event.preventDefault()
            save.mutate({ name, screen: 'search', query: { ...query } })
          }}
        >
          <TextInput
            label={t('search.viewName')}
            value={name}
            onChange={(event) => setName(event.currentTarget.value)}
            maxLength={200}
            dir="auto"
          />
          <Button type="submit" disabled={!name.trim()} loading={save.isPending}>
            {t('search.saveAction')}
          </Button>
        </form>
      </Popover.Dropdown>
    </Popover>
  )
}

function SavedViews({ onUse }: { readonly onUse: (query: Query) => void }) {
  const { t } = useTranslation()
  const views = useQuery(api.search.views.queryOptions({ input: { screen: 'search' } })).data
  const remove = useMutation(api.search.removeView.mutationOptions({ onSuccess: viewsChanged, onError: notifyFailure }))
  if (!views?.length) return null
  return (
    <ul className={styles.views} aria-label={t('search.views')}>
      {views.map(({ id, name, query }) => (
        <li key={id}>
          <Button
            variant="light"
            size="compact-sm"
            onClick={() =>
              onUse({
                text: typeof query['text'] === 'string' ? query['text'] : '',
                kinds: Array.isArray(query['kinds']) ? (query['kinds'] as SearchKind[]) : [],
              })
            }
          >
            <bdi>{name}</bdi>
          </Button>
          <ActionIcon size={24} aria-label={t('search.removeView', { name })} onClick={() => remove.mutate({ id })}>
            <IconX size={13} />
          </ActionIcon>
        </li>
      ))}
    </ul>
  )
}
