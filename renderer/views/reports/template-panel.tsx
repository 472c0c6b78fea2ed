import { Button, Group, Modal, Select, TextInput } from '@mantine/core'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { ReportTemplate } from '../../../main/contract/reports.ts'
import { api, queryClient } from '../../client.ts'
import { Confirm } from '../../components/confirm.tsx'
import { ErrorNotice } from '../../components/error-notice.tsx'
import { Panel } from '../../components/panel.tsx'
import styles from './report.module.css'
import { templateOf, withTemplate, type Settings } from './settings.ts'

interface Props {
  readonly settings: Settings
  readonly onChange: (settings: Settings) => void
}

const isBuiltIn = (template: ReportTemplate): template is ReportTemplate & { name: 'public' | 'partner' | 'court' } =>
  template.id === null

/** Starting points for each kind of reader: those that come with the program, and those that the desk saved. */
export function TemplatePanel({ settings, onChange }: Props) {
  const { t } = useTranslation()
  const [chosen, setChosen] = useState<string | null>(null)
  const [asking, setAsking] = useState<'save' | 'rename' | 'remove' | null>(null)
  const templates = useQuery(api.reports.templates.queryOptions()).data ?? []
  const current = templates.find((template) => template.name === chosen)
  const after = async (name: string | null): Promise<void> => {
    await queryClient.invalidateQueries({ queryKey: api.reports.templates.key() })
    setChosen(name)
    setAsking(null)
  }
  const save = useMutation(api.reports.saveTemplate.mutationOptions({ onSuccess: ({ name }) => after(name) }))
  const rename = useMutation(api.reports.renameTemplate.mutationOptions({ onSuccess: ({ name }) => after(name) }))
  const remove = useMutation(api.reports.removeTemplate.mutationOptions({ onSuccess: () => after(null) }))
  const label = (template: ReportTemplate): string =>
    isBuiltIn(template) ? t(`reporting.template.${template.name}`) : template.name

  return (
    <Panel title={t('reporting.template.title')}>
      <div className={styles.fields}>
        <Select
          label={t('reporting.template.choose')}
          description={t('reporting.template.help')}
          placeholder={t('reporting.template.none')}
          data={templates.map((template) => ({ value: template.name, label: label(template) }))}
          value={chosen}
          onChange={(name) => {
            setChosen(name)
            const template = templates.find((one) => one.name === name)
            if (template) onChange(withTemplate(settings, template))
          }}
          clearable
          clearButtonProps={{ 'aria-label': t('reporting.template.clear') }}
        />
        <Group gap="0.5rem">
          <Button variant="default" size="compact-sm" onClick={() => setAsking('save')}>
            {t('reporting.template.save')}
          </Button>
          {current?.id ? (
            <>
              <Button variant="default" size="compact-sm" onClick={() => setAsking('rename')}>
                {t('reporting.template.rename')}
              </Button>
              <Button variant="default" size="compact-sm" onClick={() => setAsking('remove')}>
                {t('reporting.template.remove')}
              </Button>
            </>
          ) : null}
        </Group>
      </div>
      <NameDialog
        key={asking}
        opened={asking === 'save' || asking === 'rename'}
        title={t(asking === 'rename' ? 'reporting.template.rename' : 'reporting.template.saveTitle')}
        initial={current?.id ? current.name : ''}
        error={asking === 'rename' ? rename.error : save.error}
        pending={save.isPending || rename.isPending}
        onClose={() => setAsking(null)}
        onName={(name) =>
          asking === 'rename' ? rename.mutate({ id: current!.id!, name }) : save.mutate(templateOf(name, settings))
        }
      />
      <Confirm
        opened={asking === 'remove'}
        title={t('reporting.template.removeTitle', { name: current?.name ?? '' })}
        action={t('reporting.template.remove')}
        busy={remove.isPending}
        onConfirm={() => current?.id && remove.mutate({ id: current.id })}
        onClose={() => setAsking(null)}
      >
        {t('reporting.template.removeHelp')}
      </Confirm>
    </Panel>
  )
}

interface NameProps {
  readonly opened: boolean
  readonly title: string
  readonly initial: string
  readonly error: unknown
  readonly pending: boolean
  readonly onClose: () => void
  readonly onName: (name: string) => void
}

function NameDialog({ opened, title, initial, error, pending, onClose, onName }: NameProps) {
  const { t } = useTranslation()
  const [name, setName] = useState(initial)
  return (
    <Modal opened={opened} onClose={onClose} title={title} closeButtonProps={{ 'aria-label': t('common.close') }}>
      <form
        className={styles.fields}
        onSubmit={(event) => {
          event.preventDefault()
          if (name.trim()) onName(name.trim())
        }}
      >
        <TextInput
          label={t('reporting.template.name')}
          description={t('reporting.template.nameHelp')}
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
          maxLength={200}
          data-autofocus
          dir="auto"
        />
        {error ? <ErrorNotice error={error} /> : null}
        <Group justify="flex-end">
          <Button type="submit" loading={pending} disabled={!name.trim()}>
            {t('reporting.template.keep')}
          </Button>
        </Group>
      </form>
    </Modal>
  )
}
