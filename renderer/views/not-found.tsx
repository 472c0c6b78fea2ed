import { Button } from '@mantine/core'
import { IconMapOff } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import { EmptyState } from '../components/empty-state.tsx'
import { PageHeader } from '../components/page-header.tsx'

export default function NotFound() {
  const { t } = useTranslation()
  return (
    <>
      <PageHeader title={t('notFound.title')} />
      <EmptyState
        icon={<IconMapOff size={40} stroke={1.3} />}
        title={t('notFound.nothing')}
        action={
          <Button component={Link} href="/">
            {t('notFound.start')}
          </Button>
        }
      >
        {t('notFound.help')}
      </EmptyState>
    </>
  )
}
