import { Badge, Button } from '@mantine/core'
import { IconPlus } from '@tabler/icons-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { FieldInfo, KindInfo } from '../../../main/contract/cases.ts'
import type { Assertion, RecordDetail } from '../../../main/contract/records.ts'
import { Panel } from '../../components/panel.tsx'
import { AssertionRow } from './assertion-row.tsx'
import { ObservationChart } from './observation-chart.tsx'
import styles from './records.module.css'
import { ValueForm } from './value-form.tsx'

interface Stating {
  readonly field: FieldInfo | null
  readonly corrects: Assertion | null
}

/** Everything said about a record, field by field: values side by side, each with its source. */
export function FieldsPanel({ detail, info }: { readonly detail: RecordDetail; readonly info: KindInfo }) {
  const { t } = useTranslation()
  const [stating, setStating] = useState<Stating | null>(null)
  const said = info.fields
    .map((field) => ({ field, view: detail.fields.find((view) => view.field === field.name) }))
    .filter(({ view }) => view && (view.standing.length || view.history.length))
  return (
    <Panel
      title={t('records.values')}
      actions={
        <Button
          variant="default"
          leftSection={<IconPlus size={14} />}
          onClick={() => setStating({ field: null, corrects: null })}
        >
          {t('records.addValue')}
        </Button>
      }
      flush
    >
      {said.length ? (
        <dl>
          {said.map(({ field, view }) => (
            <div key={field.name} className={styles.fieldRow}>
              <dt>
                <span className={styles.fieldName}>{field.label}</span>
                {view!.conflict ? (
                  <Badge component="span" color="orange" size="sm" title={t('records.conflictHelp')}>
                    {t('records.conflict')}
                  </Badge>
                ) : null}
                {field.type === 'cell' ? null : (
                  <Button
                    variant="transparent"
                    size="compact-xs"
                    px={0}
                    onClick={() => setStating({ field, corrects: null })}
                    aria-label={`${t(field.many ? 'records.another' : 'records.sayOtherwise')}: ${field.label}`}
                  >
                    {t(field.many ? 'records.another' : 'records.sayOtherwise')}
                  </Button>
                )}
              </dt>
              <dd>
                {field.type === 'observation' && view!.standing.length > 1 ? (
                  <ObservationChart label={field.label} assertions={view!.standing} names={detail.names} />
                ) : null}
                <ul>
                  {view!.standing.map((assertion) => (
                    <AssertionRow
                      key={assertion.id}
                      assertion={assertion}
                      field={field}
                      names={detail.names}
                      onEdit={() => setStating({ field, corrects: assertion })}
                    />
                  ))}
                </ul>
                {view!.history.length ? (
                  <details className={styles.more}>
                    <summary>{t('records.earlier', { count: view!.history.length })}</summary>
                    <ul>
                      {view!.history.map((assertion) => (
                        <AssertionRow key={assertion.id} assertion={assertion} field={field} names={detail.names} />
                      ))}
                    </ul>
                  </details>
                ) : null}
              </dd>
            </div>
          ))}
        </dl>
      ) : (
        <p className={styles.padded}>{t('records.noValues')}</p>
      )}
      {stating ? (
        <ValueForm
          entity={detail.entity}
          fields={info.fields}
          field={stating.field}
          corrects={stating.corrects}
          onClose={() => setStating(null)}
        />
      ) : null}
    </Panel>
  )
}
