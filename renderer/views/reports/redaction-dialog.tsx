import { Button, Checkbox, Group, Modal, Radio, Stack, TextInput } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { Redaction } from '../../../main/contract/redaction.ts'
import type { ReportOptions } from '../../../main/contract/reports.ts'
import { NamesEditor } from './names-editor.tsx'
import { PictureRegions } from './picture-regions.tsx'
import styles from './report.module.css'

interface Props {
  readonly opened: boolean
  readonly options: ReportOptions
  readonly onChange: (redaction: Redaction) => void
  readonly onClose: () => void
}

/** Chooses what a report withholds. Each choice holds at once; the preview behind follows. */
export function RedactionDialog({ opened, options, onChange, onClose }: Props) {
  const { t } = useTranslation()
  const { redaction } = options
  const set = (change: Partial<Redaction>): void => onChange({ ...redaction, ...change })
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      title={t('reporting.redaction.title')}
      size="60rem"
      closeButtonProps={{ 'aria-label': t('common.close') }}
    >
      <div className={styles.redaction}>
        <p className={styles.dim}>{t('reporting.redaction.lead')}</p>
        <NamesEditor caseId={options.caseId} names={redaction.names} onChange={(names) => set({ names })} />
        <fieldset className={styles.sections}>
          <legend>{t('reporting.redaction.everywhere')}</legend>
          <Checkbox
            size="xs"
            label={t('reporting.redaction.analysts')}
            checked={redaction.analysts}
            onChange={(event) => set({ analysts: event.currentTarget.checked })}
          />
          <Checkbox
            size="xs"
            label={t('reporting.redaction.hashes')}
            description={t('reporting.redaction.hashesHelp')}
            checked={redaction.hashes === 'withhold'}
            onChange={(event) => set({ hashes: event.currentTarget.checked ? 'withhold' : 'keep' })}
          />
          <Checkbox
            size="xs"
            label={t('reporting.redaction.faces')}
            description={t('reporting.redaction.facesHelp')}
            checked={redaction.faces === 'cover'}
            onChange={(event) => set({ faces: event.currentTarget.checked ? 'cover' : 'keep' })}
          />
          <TextInput
            label={t('reporting.redaction.reason')}
            description={t('reporting.redaction.reasonHelp')}
            value={redaction.reason}
            onChange={(event) => set({ reason: event.currentTarget.value })}
            maxLength={500}
            dir="auto"
          />
        </fieldset>
        <Radio.Group
          label={t('reporting.redaction.fill')}
          value={redaction.fill}
          onChange={(fill) => set({ fill: fill as Redaction['fill'] })}
        >
          <Stack gap="0.35rem" mt="0.35rem">
            <Radio size="xs" value="solid" label={t('reporting.redaction.solid')} />
            <Radio size="xs" value="mosaic" label={t('reporting.redaction.mosaic')} />
          </Stack>
        </Radio.Group>
        {opened ? (
          <PictureRegions options={options} regions={redaction.regions} onChange={(regions) => set({ regions })} />
        ) : null}
        <Group justify="flex-end">
          <Button onClick={onClose}>{t('reporting.redaction.done')}</Button>
        </Group>
      </div>
    </Modal>
  )
}
