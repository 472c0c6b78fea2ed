import { Button } from '@mantine/core'
import { IconBook } from '@tabler/icons-react'
import { useMutation } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { useLocation } from 'wouter'
import { api, client, queryClient } from '../../client.ts'
import { ErrorNotice } from '../../components/error-notice.tsx'
import { Panel } from '../../components/panel.tsx'
import styles from './start.module.css'

interface Props {
  /** Where a new library would go; the sample goes beside it. */
  readonly suggestedFolder: string
  readonly recent: readonly { readonly folder: string }[]
  /** The library that is open; the sample is then put into it as a case that can be taken back. */
  readonly open: boolean
}

/** The worked example in one click: a case in which every fact has its source and grade. */
export function Sample({ suggestedFolder, recent, open }: Props) {
  const { t } = useTranslation()
  const [, navigate] = useLocation()
  const sample = useMutation({
    async mutationFn() {
      const folder = `${suggestedFolder}-sample`
      if (!open) {
        const known = recent.some((library) => library.folder === folder)
        await (known ? client.library.open({ folder }) : client.library.create({ folder, name: t('start.sampleName') }))
        const [first] = known ? await client.cases.list() : []
        if (first) return first.id
      }
      return (await client.exchange.sample()).caseId
    },
    async onSuccess(caseId) {
      await queryClient.invalidateQueries({ queryKey: api.key() })
      navigate(`/cases/${caseId}`)
    },
  })
  return (
    <Panel title={t('start.sample')}>
      <div className={styles.form}>
        <p className={styles.rowDim} style={{ whiteSpace: 'normal' }}>
          {t(open ? 'start.sampleIntoOpen' : 'start.sampleHelp')}
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
