import { Button, SegmentedControl } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { StorageChoice } from '../../../main/contract/intake.ts'
import { CaseField } from '../../components/case-field.tsx'
import { Panel } from '../../components/panel.tsx'
import { useKept } from '../../kept.ts'
import { choices, NO_DETAILS } from './choices.ts'
import { DetailsForm } from './details-form.tsx'
import styles from './intake.module.css'

const STORAGE: StorageChoice[] = ['copy', 'link', 'reference']

/** What goes with the files that are added next. */
export function NextDetails() {
  const { t } = useTranslation()
  const [choice, setChoice] = useKept(choices)
  return (
    <Panel
      title={t('intake.next')}
      actions={
        <Button
          variant="subtle"
          color="gray"
          size="compact-xs"
          onClick={() => setChoice({ details: NO_DETAILS, caseId: null, storage: 'copy' })}
        >
          {t('intake.clear')}
        </Button>
      }
    >
      <div className={styles.form}>
        <p className={styles.dim}>{t('intake.nextHelp')}</p>
        <CaseField
          label={t('details.case')}
          placeholder={t('details.noCase')}
          value={choice.caseId}
          onChange={(caseId) => setChoice((before) => ({ ...before, caseId }))}
        />
        <DetailsForm
          value={choice.details}
          onChange={(fields) => setChoice((before) => ({ ...before, details: { ...before.details, ...fields } }))}
        />
        <div>
          <span className={styles.fieldLabel} id="storage-choice">
            {t('intake.storage')}
          </span>
          <SegmentedControl
            fullWidth
            aria-labelledby="storage-choice"
            data={STORAGE.map((value) => ({ value, label: t(`intake.storages.${value}`) }))}
            value={choice.storage}
            onChange={(storage) => setChoice((before) => ({ ...before, storage: storage as StorageChoice }))}
          />
          <p className={styles.dim}>{t(`intake.storageHelp.${choice.storage}`)}</p>
        </div>
      </div>
    </Panel>
  )
}
