import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import type { FieldInfo } from '../../../main/contract/cases.ts'
import type { DatedValue } from '../../../main/contract/common.ts'
import { datedText } from '../../../main/contract/time.ts'
import { countryName, valueText, type Observation, type Reference } from '../../../main/contract/values.ts'
import { Hash } from '../../components/hash.tsx'
import { number } from '../../text/format.ts'
import styles from './records.module.css'
import { choiceWords } from './value-field.tsx'

interface Props {
  readonly field: FieldInfo
  readonly value: unknown
  /** Names of records by id. */
  readonly names: Readonly<Record<string, string>>
}

/** One value as a reader sees it. */
export function ValueText({ field, value, names }: Props) {
  const { t, i18n } = useTranslation()
  switch (field.type) {
    case 'reference': {
      const { ref } = value as Reference
      return (
        <Link href={`/records/${ref}`}>
          <bdi>{names[ref] ?? t('records.unnamed')}</bdi>
        </Link>
      )
    }
    case 'hash':
      return <Hash value={String(value)} />
    case 'country':
      return <bdi>{countryName(String(value), i18n.language)}</bdi>
    case 'choice':
      return <span>{choiceWords(String(value))}</span>
    case 'dated':
      return <DatedText value={value as DatedValue} />
    case 'observation': {
      const { value: count, at, by } = value as Observation
      return (
        <span>
          {number(count, 2)}, <DatedText value={at} />
          {by ? (
            <>
              , <bdi>{by}</bdi>
            </>
          ) : null}
        </span>
      )
    }
    default:
      return (
        <span className={field.type === 'long-text' ? styles.prose : 'untrusted'} dir="auto">
          {valueText(field.type, value)}
        </span>
      )
  }
}

/** A date with its precision and zone, where they are not what one would take them for. */
export function DatedText({ value }: { readonly value: DatedValue }) {
  return (
    <time dateTime={value.value || undefined} dir="ltr">
      {datedText(value).replace(/T(?=\d)/, ' ')}
    </time>
  )
}
