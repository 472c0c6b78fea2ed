import { Select } from '@mantine/core'
import { useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'

interface Props {
  readonly label: string
  /** BCP 47 tag, or empty. */
  readonly value: string
  readonly onChange: (tag: string) => void
  readonly placeholder?: string
}

/** Offered by name; any other valid tag can be typed. */
const OFFERED =
  'ar am az be bg bn bs cs da de el en es et fa fi fr ha he hi hr hu hy id it ja ka kk ko ku ky lt lv mk ms my nl no pl ps pt ro ru sk sl so sq sr sv sw th ti tl tr uk ur uz vi zh'

export function LanguageField({ label, value, onChange, placeholder }: Props) {
  const { i18n } = useTranslation()
  const [typed, setTyped] = useState('')
  const names = useMemo(() => new Intl.DisplayNames([i18n.language], { type: 'language' }), [i18n.language])
  const own = canonical(typed) ?? ''
  const tags = [...new Set([...OFFERED.split(' '), value, own].filter(Boolean))]
  const data = tags
    .map((tag) => ({ value: tag, label: `${names.of(tag) ?? tag} (${tag})` }))
    .sort((a, b) => a.label.localeCompare(b.label, i18n.language))
  return (
    <Select
      label={label}
      placeholder={placeholder}
      data={data}
      value={value || null}
      onChange={(tag) => onChange(tag ?? '')}
      searchable
      clearable
      limit={60}
      onSearchChange={setTyped}
    />
  )
}

function canonical(text: string): string | null {
  if (!/^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$/.test(text)) return null
  try {
    return Intl.getCanonicalLocales(text)[0] ?? null
  } catch {
    return null
  }
}
