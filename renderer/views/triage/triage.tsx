import { Button } from '@mantine/core'
import { IconFilterOff, IconInbox } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import { api } from '../../client.ts'
import { EmptyState } from '../../components/empty-state.tsx'
import { Loaded } from '../../components/loaded.tsx'
import { WithLibrary } from '../../components/with-library.tsx'
import { PageHeader } from '../../components/page-header.tsx'
import { useKept } from '../../kept.ts'
import { Board } from './board.tsx'
import { filters, NO_FILTERS } from './filters.ts'

/** The queue: what is worth a look, in the order of how much it is. */
export default function Triage() {
  const { t } = useTranslation()
  return (
    <WithLibrary title={t('board.title')}>
      <OpenTriage />
    </WithLibrary>
  )
}

function OpenTriage() {
  const { t } = useTranslation()
  const board = useQuery(api.findings.board.queryOptions())
  const [, setFilter] = useKept(filters)
  const rows = board.data ?? []
  const working = rows.filter((row) => row.job?.state === 'running' || row.job?.state === 'queued').length
  const unjudged = rows.filter((row) => !row.judged && row.priority).length
  return (
    <>
      <PageHeader
        title={t('board.title')}
        lead={
          rows.length
            ? [
                t('board.total', { count: rows.length }),
                t('board.unjudged', { count: unjudged }),
                working ? t('board.working', { count: working }) : '',
              ]
                .filter(Boolean)
                .join(' · ')
            : t('board.lead')
        }
        actions={
          <Button variant="default" component={Link} href="/intake" leftSection={<IconInbox size={15} />}>
            {t('start.addVideos')}
          </Button>
        }
      />
      <Loaded query={board}>
        {(all) =>
          all.length ? (
            <Board
              rows={all}
              nothing={
                <EmptyState
                  icon={<IconFilterOff size={36} stroke={1.3} />}
                  title={t('board.nothing')}
                  action={
                    <Button variant="default" onClick={() => setFilter(NO_FILTERS)}>
                      {t('board.clearFilters')}
                    </Button>
                  }
                >
                  {t('board.nothingHelp')}
                </EmptyState>
              }
            />
          ) : (
            <EmptyState
              icon={<IconInbox size={40} stroke={1.3} />}
              title={t('board.empty')}
              action={
                <Button component={Link} href="/intake">
                  {t('start.addVideos')}
                </Button>
              }
            >
              {t('board.emptyHelp')}
            </EmptyState>
          )
        }
      </Loaded>
    </>
  )
}
