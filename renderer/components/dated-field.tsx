import { Select, TextInput } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Precision, type DatedValue } from '../../main/contract/common.ts'
import styles from './dated-field.module.css'

interface Props {
  readonly label: string
  /** What the date is of; how to write it stands below in any case. */
  readonly description?: string
  readonly value: DatedValue | null
  readonly onChange: (value: DatedValue | null) => void
}

const FORM =
  /^(\d{4})(?:-(\d{2})(?:-(\d{2})(?:[T ](\d{2})(?::(\d{2})(?::(\d{2})(?:\.\d+)?)?)?)?)?)?(Z|[+-]\d{2}:\d{2})?$/

/** A date exactly as far as it is known: the precision follows from what was typed, and may be set otherwise. */
export function DatedField({ label, description, value, onChange }: Props) {
  const { t } = useTranslation()
  const [text, setText] = useState(value?.value ?? '')
  const [seen, setSeen] = useState(value)
  // The owner set another value (a form was cleared, a record was loaded): the text follows it.
  if (value !== seen) {
    setSeen(value)
    if ((value?.value ?? '') !== parse(text)?.value) setText(value?.value ?? '')
  }
  const wrong = text !== '' && !parse(text)
  const change = (next: string): void => {
    setText(next)
    const parsed = parse(next.trim())
    const made = parsed && { ...parsed, zone: value?.zone ?? parsed.zone }
    if (next.trim() === '') onChange(null)
    else if (made) onChange(made)
    setSeen(next.trim() === '' ? null : (made ?? seen))
  }
  return (
    <div className={styles.field}>
      <TextInput
        label={label}
        description={description ? `${description} ${t('dated.help')}` : t('dated.help')}
        placeholder="2026-02-09 20:15"
        value={text}
        onChange={(event) => change(event.currentTarget.value)}
        error={wrong ? t('dated.wrong') : undefined}
        dir="ltr"
      />
      {value ? (
        <div className={styles.row}>
          <Select
            aria-label={t('dated.precision')}
            data={Precision.options.map((option) => ({ value: option, label: t(`dated.precisions.${option}`) }))}
            value={value.precision}
            allowDeselect={false}
            onChange={(next) => next && onChange({ ...value, precision: next as DatedValue['precision'] })}
          />
          <TextInput
            aria-label={t('dated.zone')}
            placeholder="UTC"
            value={value.zone}
            onChange={(event) => onChange({ ...value, zone: event.currentTarget.value })}
            dir="ltr"
          />
        </div>
      ) : null}
    </div>
  )
}

function parse(text: string): DatedValue | null {
  const match = FORM.exec(text)
  if (!match) return null
  const [, year, month, day, hour, minute, second, zone] = match
  const real = new Date(`${year}-${month ?? '01'}-${day ?? '01'}T${hour ?? '00'}:${minute ?? '00'}:${second ?? '00'}Z`)
  if (Number.isNaN(real.getTime()) || (day && real.getUTCDate() !== Number(day))) return null
  const precision = second ? 'exact' : minute ? 'minute' : hour ? 'hour' : day ? 'day' : month ? 'month' : 'year'
  return { value: text.replace(' ', 'T'), precision, zone: zone && zone !== 'Z' ? zone : 'UTC' }
}
