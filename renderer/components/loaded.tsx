import { Loader } from '@mantine/core'
import type { UseQueryResult } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { ErrorNotice } from './error-notice.tsx'
import styles from './loaded.module.css'

/** Shows a query's data, or that it is on its way, or why it did not come. */
export function Loaded<T>({
  query,
  children,
}: {
  readonly query: UseQueryResult<T>
  children: (data: T) => ReactNode
}) {
  const { t } = useTranslation()
  if (query.data !== undefined) return <>{children(query.data)}</>
  if (query.isError)
    return (
      <div className={styles.error}>
        <ErrorNotice error={query.error} onRetry={() => void query.refetch()} />
      </div>
    )
  return <Waiting label={t('common.loading')} />
}

export function Waiting({ label }: { readonly label: string }) {
  return (
    <div className={styles.waiting} role="status">
      <Loader size="sm" color="var(--accent)" aria-hidden="true" />
      <span className="visually-hidden">{label}</span>
    </div>
  )
}
