import { Badge } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { FieldInfo } from '../../../main/contract/cases.ts'
import type { Assertion } from '../../../main/contract/records.ts'
import { valueText } from '../../../main/contract/values.ts'
import { SourceLine } from './grade.tsx'
import styles from './records.module.css'
import { StatementMenu } from './statement-menu.tsx'
import { SupportsList } from './supports-list.tsx'
import { DatedText, ValueText } from './value-text.tsx'

interface Props {
  readonly assertion: Assertion
  readonly field: FieldInfo
  readonly names: Readonly<Record<string, string>>
  /** Left out for the history, where nothing can be done any more. */
  readonly onEdit?: () => void
}

/** One value with who says so, how long it held, and what bears it. */
export function AssertionRow({ assertion, field, names, onEdit }: Props) {
  const { t } = useTranslation()
  const { sourcing, validFrom, validUntil, disputed, note, withdrawnAt, supersededBy, replacedFindings } = assertion
  return (
    <li
      className={styles.assertion}
      data-gone={withdrawnAt || supersededBy ? true : undefined}
      data-assertion={assertion.id}
    >
      <div className={styles.assertionWords}>
        <div className={styles.value}>
          <ValueText field={field} value={assertion.value} names={names} />
          {disputed ? (
            <Badge component="span" color="red" size="sm">
              {t('records.disputed')}
            </Badge>
          ) : null}
          {withdrawnAt ? (
            <Badge component="span" color="gray" size="sm">
              {t('records.withdrawn')}
            </Badge>
          ) : null}
          {supersededBy ? (
            <Badge component="span" color="gray" size="sm">
              {t('records.replaced')}
            </Badge>
          ) : null}
          {replacedFindings.length ? (
            <Badge component="span" color="orange" size="sm">
              {t('records.findingReplaced')}
            </Badge>
          ) : null}
        </div>
        <SourceLine sourcing={sourcing} names={names} />
        {validFrom || validUntil ? (
          <span className={styles.dim}>
            {t('records.held')} {validFrom ? <DatedText value={validFrom} /> : '…'} –{' '}
            {validUntil ? <DatedText value={validUntil} /> : '…'}
          </span>
        ) : null}
        {note ? (
          <span className={styles.note} dir="auto">
            {note}
          </span>
        ) : null}
        <SupportsList supports={sourcing.supports} names={names} sourceId={sourcing.sourceId} />
      </div>
      {onEdit ? (
        <StatementMenu
          of={{ assertionId: assertion.id }}
          name={`${field.label}: ${valueText(field.type, assertion.value, (id) => names[id])}`}
          disputed={disputed}
          onEdit={onEdit}
        />
      ) : null}
    </li>
  )
}
