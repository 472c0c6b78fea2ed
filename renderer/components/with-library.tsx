import { Button } from '@mantine/core'
import { IconDatabaseOff } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import { api } from '../client.ts'
import { EmptyState } from './empty-state.tsx'
import { Loaded } from './loaded.tsx'
import { PageHeader } from './page-header.tsx'

interface Props {
  /** Title of the page while no library is open. */
  readonly title: string
  readonly children: ReactNode
}

/** Shows its children once a library is open; until then, says where to open one. */
export function WithLibrary({ title, children }: Props) {
  const { t } = useTranslation()
  const library = useQuery(api.library.state.queryOptions())
  return (
    <Loaded query={library}>
      {({ open }) =>
        open ? (
          children
        ) : (
          <>
            <PageHeader title={title} />
            <EmptyState
              icon={<IconDatabaseOff size={40} stroke={1.3} />}
              title={t('noLibrary.title')}
              action={
                <Button component={Link} href="/">
                  {t('noLibrary.start')}
                </Button>
              }
            >
              {t('noLibrary.help')}
            </EmptyState>
          </>
        )
      }
    </Loaded>
  )
}
