import { Button } from '@mantine/core'
import { IconPlus } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { EntityKind } from '../../../main/contract/cases.ts'
import { api } from '../../client.ts'
import { EmptyState } from '../../components/empty-state.tsx'
import { Loaded } from '../../components/loaded.tsx'
import { Panel } from '../../components/panel.tsx'
import { CreateRecord } from '../records/create-record.tsx'
import { AchTable } from './ach-table.tsx'
import { Disagreements } from './disagreements.tsx'
import { Forecasts } from './forecasts.tsx'
import styles from './hypotheses.module.css'
import { Tasks } from './tasks.tsx'

/** Thinking on the record: competing hypotheses, forecasts, where sources differ, what is still open. */
export default function Hypotheses({ caseId }: { readonly caseId: string }) {
  const { t } = useTranslation()
  const [making, setMaking] = useState<EntityKind | null>(null)
  const matrices = useQuery(api.tradecraft.ach.queryOptions({ input: { caseId } }))
  const info = useQuery(api.cases.kinds.queryOptions()).data?.kinds.find(({ kind }) => kind === making)
  const add = (kind: EntityKind, label: string) => (
    <Button variant="default" leftSection={<IconPlus size={14} />} onClick={() => setMaking(kind)}>
      {label}
    </Button>
  )
  return (
    <div className={styles.page}>
      <Loaded query={matrices}>
        {(list) =>
          list.length ? (
            <>
              {list.map((matrix) => (
                <AchTable
                  key={matrix.question}
                  matrix={matrix}
                  caseId={caseId}
                  action={add('hypothesis', t('ach.addHypothesis'))}
                />
              ))}
            </>
          ) : (
            <Panel title={t('ach.title')}>
              <EmptyState title={t('ach.empty')} action={add('hypothesis', t('ach.addHypothesis'))}>
                {t('ach.emptyHelp')}
              </EmptyState>
            </Panel>
          )
        }
      </Loaded>
      <div className={styles.two}>
        <Forecasts caseId={caseId} action={add('forecast', t('forecasts.add'))} />
        <Tasks caseId={caseId} />
      </div>
      <Disagreements caseId={caseId} />
      {info ? <CreateRecord info={info} caseId={caseId} onClose={() => setMaking(null)} /> : null}
    </div>
  )
}
