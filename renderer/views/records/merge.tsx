import { Alert, Button, Modal } from '@mantine/core'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { KindInfo } from '../../../main/contract/cases.ts'
import type { RecordDetail } from '../../../main/contract/records.ts'
import { api } from '../../client.ts'
import { ErrorNotice } from '../../components/error-notice.tsx'
import { offerUndoOf } from './changed.tsx'
import { RecordField } from './record-field.tsx'
import styles from './records.module.css'
import { ValueText } from './value-text.tsx'

interface Props {
  readonly detail: RecordDetail
  readonly info: KindInfo
  /** Already known, where a suggestion led here. */
  readonly other?: string
  readonly onClose: () => void
}

/** Two records of one kind side by side, before they become one. Both histories are kept; it can be split again. */
export function MergeRecords({ detail, info, other: given, onClose }: Props) {
  const { t } = useTranslation()
  const [other, setOther] = useState<string | null>(given ?? null)
  const second = useQuery({
    ...api.records.get.queryOptions({ input: { id: other ?? '' } }),
    enabled: other !== null,
  }).data
  const merge = useMutation(
    api.records.merge.mutationOptions({
      async onSuccess() {
        onClose()
        await offerUndoOf(detail.entity.id, t('records.merged', { name: second?.entity.name ?? '' }))
      },
    }),
  )
  const fields = info.fields.filter(({ name }) =>
    [detail, second].some((one) => one?.fields.some((view) => view.field === name && view.standing.length)),
  )
  const values = (one: RecordDetail | undefined, field: string) =>
    one?.fields.find((view) => view.field === field)?.standing ?? []
  return (
    <Modal
      opened
      onClose={onClose}
      title={t('records.mergeTitle')}
      size="56rem"
      closeButtonProps={{ 'aria-label': t('common.close') }}
    >
      <div className={styles.form}>
        <p className={styles.dim}>{t('records.mergeHelp')}</p>
        <RecordField
          label={t('records.mergeWith')}
          kinds={[detail.entity.kind]}
          value={other}
          onChange={setOther}
          exclude={[detail.entity.id]}
        />
        {second ? (
          <table className={styles.compare}>
            <caption className="visually-hidden">{t('records.mergePreview')}</caption>
            <thead>
              <tr>
                <td />
                <th scope="col">
                  <bdi>{detail.entity.name}</bdi> <span className={styles.dim}>{t('records.mergeKeeps')}</span>
                </th>
                <th scope="col">
                  <bdi>{second.entity.name}</bdi> <span className={styles.dim}>{t('records.mergeJoins')}</span>
                </th>
              </tr>
            </thead>
            <tbody>
              {fields.map((field) => (
                <tr key={field.name}>
                  <th scope="row">{field.label}</th>
                  {[detail, second].map((one) => (
                    <td key={one.entity.id}>
                      <ul>
                        {values(one, field.name).map((assertion) => (
                          <li key={assertion.id}>
                            <ValueText field={field} value={assertion.value} names={one.names} />
                          </li>
                        ))}
                      </ul>
                    </td>
                  ))}
                </tr>
              ))}
              <tr>
                <th scope="row">{t('records.links')}</th>
                <td>{detail.links.length}</td>
                <td>{second.links.length}</td>
              </tr>
            </tbody>
          </table>
        ) : null}
        {second ? <Alert variant="light">{t('records.mergeResult')}</Alert> : null}
        {merge.error ? <ErrorNotice error={merge.error} /> : null}
        <div className={styles.formEnd}>
          <Button variant="default" onClick={onClose}>
            {t('common.cancel')}
          </Button>
          <Button
            disabled={!second}
            loading={merge.isPending}
            onClick={() => other && merge.mutate({ into: detail.entity.id, from: [other] })}
          >
            {t('records.mergeAction')}
          </Button>
        </div>
      </div>
    </Modal>
  )
}
