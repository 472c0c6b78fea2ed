import { Select } from '@mantine/core'
import { TLP_LEVELS, type Tlp } from '../../main/contract/common.ts'
import { TlpBadge } from './tlp-badge.tsx'
import styles from './tlp-badge.module.css'

interface Props {
  readonly label: string
  readonly value: Tlp | null
  readonly onChange: (tlp: Tlp) => void
  /** Shown while nothing is chosen. */
  readonly placeholder?: string
  readonly description?: string
}

/** Chooses a handling mark; each level stands in its own colours. */
export function TlpField({ label, value, onChange, placeholder, description }: Props) {
  return (
    <Select
      label={label}
      description={description}
      placeholder={placeholder}
      data={TLP_LEVELS.map((level) => ({ value: level, label: `TLP:${level}` }))}
      value={value}
      onChange={(next) => next && onChange(next as Tlp)}
      allowDeselect={false}
      renderOption={({ option }) => <TlpBadge tlp={option.value as Tlp} />}
      leftSection={value ? <span className={styles.dot} data-tlp={value} aria-hidden="true" /> : undefined}
    />
  )
}
