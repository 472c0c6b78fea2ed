import { ActionIcon, Button, Group, Select, TextInput } from '@mantine/core'
import { IconX } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { RedactedName } from '../../../main/contract/redaction.ts'
import { api } from '../../client.ts'
import styles from './report.module.css'

interface Props {
  readonly caseId: string
  readonly names: readonly RedactedName[]
  readonly onChange: (names: RedactedName[]) => void
}

/** Names to cover: records of the case, or any text; with other spellings, a label and a reason. */
export function NamesEditor({ caseId, names, onChange }: Props) {
  const { t } = useTranslation()
  const [text, setText] = useState('')
  const entities = useQuery(api.cases.get.queryOptions({ input: { id: caseId } })).data?.entities ?? []
  const nameOf = (id: string): string => entities.find((entity) => entity.id === id)?.name ?? id.slice(0, 8)
  const open = entities.filter(({ id }) => !names.some((name) => name.recordId === id))
  const add = (fields: Partial<RedactedName>): void =>
    onChange([...names, { recordId: null, texts: [], label: '', reason: '', ...fields }])
  const set = (place: number, change: Partial<RedactedName>): void =>
    onChange(names.map((name, at) => (at === place ? { ...name, ...change } : name)))

  return (
    <fieldset className={styles.sections}>
      <legend>{t('reporting.redaction.names')}</legend>
      {names.map((name, place) => {
        const shown = name.recordId ? nameOf(name.recordId) : (name.texts[0] ?? '')
        return (
          // A name has no id of its own; its place is what the list is changed by.
          // oxlint-disable-next-line react/no-array-index-key
          <div key={place} className={styles.name} role="group" aria-label={shown}>
            <p className={styles.nameShown}>
              <bdi>{shown}</bdi>
            </p>
            <SpellingsInput
              fixed={name.recordId ? 0 : 1}
              texts={name.texts}
              onChange={(texts) => set(place, { texts })}
            />
            <TextInput
              label={t('reporting.redaction.label')}
              placeholder={t('reporting.redaction.labelHelp')}
              value={name.label}
              onChange={(event) => set(place, { label: event.currentTarget.value })}
              maxLength={100}
              dir="auto"
            />
            <TextInput
              label={t('reporting.redaction.why')}
              value={name.reason}
              onChange={(event) => set(place, { reason: event.currentTarget.value })}
              maxLength={500}
              dir="auto"
            />
            <ActionIcon
              variant="subtle"
              aria-label={t('reporting.redaction.removeName', { name: shown })}
              onClick={() => onChange(names.filter((_, at) => at !== place))}
            >
              <IconX size={16} aria-hidden />
            </ActionIcon>
          </div>
        )
      })}
      <div className={styles.adding}>
        <Select
          label={t('reporting.redaction.addRecord')}
          placeholder={t('reporting.redaction.chooseRecord')}
          data={open.map(({ id, name, kind }) => ({ value: id, label: `${name} (${kind})` }))}
          value={null}
          onChange={(recordId) => recordId && add({ recordId })}
          searchable
          nothingFoundMessage={t('reporting.redaction.noRecord')}
        />
        <form
          onSubmit={(event) => {
            event.preventDefault()
            if (text.trim().length < 2) return
            add({ texts: [text.trim()] })
            setText('')
          }}
        >
          <Group align="end" gap="0.5rem" wrap="nowrap">
            <TextInput
              className={styles.grow}
              label={t('reporting.redaction.addText')}
              value={text}
              onChange={(event) => setText(event.currentTarget.value)}
              maxLength={300}
              dir="auto"
            />
            <Button type="submit" variant="default" disabled={text.trim().length < 2}>
              {t('reporting.redaction.add')}
            </Button>
          </Group>
        </form>
      </div>
    </fieldset>
  )
}

interface SpellingsProps {
  /** Texts at the beginning that stand beside and are not edited here. */
  readonly fixed: number
  readonly texts: readonly string[]
  readonly onChange: (texts: string[]) => void
}

/** Other spellings, with commas between them; taken over when the field is left, so that a comma can be typed. */
function SpellingsInput({ fixed, texts, onChange }: SpellingsProps) {
  const { t } = useTranslation()
  const known = texts.slice(fixed).join(', ')
  const [typed, setTyped] = useState<string | null>(null)
  return (
    <TextInput
      label={t('reporting.redaction.also')}
      placeholder={t('reporting.redaction.alsoHelp')}
      value={typed ?? known}
      onChange={(event) => setTyped(event.currentTarget.value)}
      onBlur={() => {
        if (typed === null) return
        const given = typed.split(/[,،]/).map((part) => part.trim())
        onChange([...texts.slice(0, fixed), ...given.filter((part) => part.length >= 2)].slice(0, 100))
        setTyped(null)
      }}
      dir="auto"
    />
  )
}
