import { Button } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useState, type FormEvent } from 'react'
import { useTranslation } from 'react-i18next'
import type { AcquisitionDetails } from '../../../main/contract/intake.ts'
import { api } from '../../client.ts'
import { CaseField } from '../../components/case-field.tsx'
import { ErrorNotice } from '../../components/error-notice.tsx'
import { notifyDone, notifyFailure } from '../../components/notify.ts'
import { Panel } from '../../components/panel.tsx'
import { DetailsForm } from './details-form.tsx'
import styles from './intake.module.css'

interface Props {
  readonly evidenceIds: readonly string[]
  readonly onDone: () => void
}

/** Changes details of several items at once; a field that was not touched stays as it is on each of them. */
export function EditDetails({ evidenceIds, onDone }: Props) {
  const { t } = useTranslation()
  const [fields, setFields] = useState<Partial<AcquisitionDetails>>({})
  const [caseId, setCaseId] = useState<string | null>(null)
  const describe = useMutation(api.intake.describe.mutationOptions())
  const add = useMutation(api.cases.addEvidence.mutationOptions())
  const touched = Object.keys(fields).length > 0 || caseId !== null
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault()
    try {
      if (Object.keys(fields).length) await describe.mutateAsync({ evidenceIds: [...evidenceIds], details: fields })
      if (caseId) await add.mutateAsync({ caseId, evidenceIds: [...evidenceIds] })
      notifyDone(t('intake.described', { count: evidenceIds.length }))
      onDone()
    } catch (error) {
      notifyFailure(error)
    }
  }
  return (
    <Panel title={t('intake.edit', { count: evidenceIds.length })}>
      <form className={styles.form} onSubmit={(event) => void submit(event)}>
        <p className={styles.dim}>{t('intake.editHelp')}</p>
        <CaseField
          label={t('intake.addToCase')}
          placeholder={t('intake.unchanged')}
          value={caseId}
          onChange={setCaseId}
        />
        <DetailsForm
          value={fields}
          onChange={(next) => setFields((before) => ({ ...before, ...next }))}
          placeholder={t('intake.unchanged')}
        />
        {describe.isError ? <ErrorNotice error={describe.error} /> : null}
        <div className={styles.formEnd}>
          <Button type="submit" disabled={!touched} loading={describe.isPending || add.isPending}>
            {t('intake.apply')}
          </Button>
          <Button variant="default" onClick={onDone}>
            {t('common.cancel')}
          </Button>
        </div>
      </form>
    </Panel>
  )
}
