import { Button } from '@mantine/core'
import { IconBook } from '@tabler/icons-react'
import { useMutation } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { useLocation } from 'wouter'
import { client, queryClient } from '../../client.ts'
import { ErrorNotice } from '../../components/error-notice.tsx'
import { Panel } from '../../components/panel.tsx'
import styles from './start.module.css'

interface Props {
  /** Where a new library would go; the sample goes beside it. */
  readonly suggestedFolder: string
  readonly recent: readonly { readonly folder: string }[]
  /** Less prominent once a library is open. */
  readonly open: boolean
}

/** The worked example in one click: a library of its own, in which every fact has its source and grade. */
export function Sample({ suggestedFolder, recent, open }: Props) {
  const { t } = useTranslation()
  const [, navigate] = useLocation()
  const folder = `${suggestedFolder}-sample`
  const sample = useMutation({
    async mutationFn() {
      if (!recent.some((library) => library.folder === folder)) return (await client.exchange.sample({ folder })).caseId
      await client.library.open({ folder })
      return (await client.cases.list())[0]?.id
    },
    async onSuccess(caseId) {
      await queryClient.invalidateQueries()
      navigate(caseId ? `/cases/${caseId}` : '/cases')
    },
  })
  return (
    <Panel title={t('start.sample')}>
      <div className={styles.form}>
        <p className={styles.rowDim} style={{ whiteSpace: 'normal' }}>
          {t('start.sampleHelp')}
        </p>
        {sample.error ? <ErrorNotice error={sample.error} /> : null}
        <div>
          <Button
            variant={open ? 'default' : 'filled'}
            leftSection={<IconBook size={15} />}
            loading={sample.isPending}
            onClick={() => sample.mutate()}
          >
            {t('start.sampleAction')}
          </Button>
        </div>
      </div>
    </Panel>
  )
}
