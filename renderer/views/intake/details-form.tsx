import { Textarea, TextInput } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { AcquisitionDetails } from '../../../main/contract/intake.ts'
import { DatedField } from '../../components/dated-field.tsx'
import { LanguageField } from '../../components/language-field.tsx'
import { TlpField } from '../../components/tlp-field.tsx'
import styles from './intake.module.css'

interface Props {
  readonly value: Partial<AcquisitionDetails>
  readonly onChange: (fields: Partial<AcquisitionDetails>) => void
  /** Shown in empty fields: "as it is" when several items are changed at once. */
  readonly placeholder?: string
}

/** What is said about how files were obtained. The claims are the source's, not the analyst's. */
export function DetailsForm({ value, onChange, placeholder }: Props) {
  const { t } = useTranslation()
  return (
    <>
      <TextInput
        label={t('details.source')}
        description={t('details.sourceHelp')}
        placeholder={placeholder}
        value={value.source ?? ''}
        onChange={(event) => onChange({ source: event.currentTarget.value })}
        maxLength={500}
        dir="auto"
      />
      <DatedField
        label={t('details.claimedDate')}
        value={value.claimedDate ?? null}
        onChange={(claimedDate) => onChange({ claimedDate })}
      />
      <TextInput
        label={t('details.claimedPlace')}
        placeholder={placeholder}
        value={value.claimedPlace ?? ''}
        onChange={(event) => onChange({ claimedPlace: event.currentTarget.value })}
        maxLength={500}
        dir="auto"
      />
      <LanguageField
        label={t('details.language')}
        placeholder={placeholder}
        value={value.language ?? ''}
        onChange={(language) => onChange({ language })}
      />
      <TlpField
        label={t('details.tlp')}
        placeholder={placeholder}
        value={value.tlp ?? null}
        onChange={(tlp) => onChange({ tlp })}
      />
      <Textarea
        label={t('details.note')}
        placeholder={placeholder}
        value={value.note ?? ''}
        onChange={(event) => onChange({ note: event.currentTarget.value })}
        autosize
        minRows={2}
        maxRows={8}
        maxLength={20_000}
        dir="auto"
        className={styles.noteField}
      />
    </>
  )
}
