import { Textarea } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { DatedValue, Sourcing } from '../../../main/contract/common.ts'
import { DatedField } from '../../components/dated-field.tsx'
import styles from './records.module.css'
import { SourcingFields } from './sourcing-fields.tsx'
import { completeSupports } from './supports-editor.tsx'

/** What every value and every link carries beside what it says. */
export interface Statement {
  readonly sourcing: Sourcing
  readonly validFrom: DatedValue | null
  readonly validUntil: DatedValue | null
  readonly note: string
}

interface Props {
  readonly value: Statement
  readonly onChange: (statement: Statement) => void
  readonly caseId?: string | null
  readonly exclude?: readonly string[]
}

/** Who says so, what bears it, since when and until when it holds, and a note: the end of every form that states something. */
export function StatementFields({ value, onChange, caseId, exclude }: Props) {
  const { t } = useTranslation()
  const { sourcing, validFrom, validUntil, note } = value
  const set = (change: Partial<Statement>): void => onChange({ ...value, ...change })
  return (
    <>
      <SourcingFields value={sourcing} onChange={(next) => set({ sourcing: next })} caseId={caseId} exclude={exclude} />
      <details className={styles.more} open={Boolean(validFrom || validUntil || note)}>
        <summary>{t('records.validity')}</summary>
        <div className={styles.stack}>
          <div className={styles.two}>
            <DatedField
              label={t('records.validFrom')}
              value={validFrom}
              onChange={(from) => set({ validFrom: from })}
            />
            <DatedField
              label={t('records.validUntil')}
              value={validUntil}
              onChange={(until) => set({ validUntil: until })}
            />
          </div>
          <Textarea
            label={t('records.note')}
            value={note}
            onChange={(event) => set({ note: event.currentTarget.value })}
            maxLength={500}
            autosize
            dir="auto"
          />
        </div>
      </details>
    </>
  )
}

/** As it is sent: evidence that was begun and not finished is left out. */
export const completed = ({ sourcing, ...rest }: Statement): Statement => ({
  ...rest,
  sourcing: { ...sourcing, supports: completeSupports(sourcing.supports) },
})
