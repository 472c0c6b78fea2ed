import { Checkbox, Radio, Stack } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { api } from '../../client.ts'
import { bytes } from '../../text/format.ts'
import styles from './report.module.css'

/** All, none but their hashes, or those of these ids. */
export type Originals = 'all' | 'hashes' | string[]

interface Props {
  readonly caseId: string
  readonly value: Originals
  readonly onChange: (value: Originals) => void
}

/** Which originals go into a bundle, with what they weigh. */
export function OriginalsField({ caseId, value, onChange }: Props) {
  const { t } = useTranslation()
  const detail = useQuery(api.cases.get.queryOptions({ input: { id: caseId } }))
  const items = detail.data?.evidence.map(({ evidence }) => evidence) ?? []
  const weight = (ids: readonly string[]): string =>
    bytes(items.filter(({ id }) => ids.includes(id)).reduce((sum, { size }) => sum + size, 0))
  const chosen = typeof value === 'string' ? [] : value
  return (
    <div className={styles.originals}>
      <Radio.Group
        label={t('reporting.sealing.evidence')}
        value={typeof value === 'string' ? value : 'some'}
        onChange={(next) => onChange(next === 'some' ? [] : (next as 'all' | 'hashes'))}
      >
        <Stack gap="0.35rem" mt="0.35rem">
          <Radio size="xs" value="hashes" label={t('reporting.sealing.hashes')} />
          <Radio
            size="xs"
            value="all"
            label={t('reporting.sealing.all', { size: weight(items.map(({ id }) => id)), count: items.length })}
          />
          <Radio size="xs" value="some" label={t('reporting.sealing.some')} disabled={items.length < 2} />
        </Stack>
      </Radio.Group>
      {typeof value === 'string' ? null : (
        <Checkbox.Group
          label={t('reporting.sealing.chosen', { count: chosen.length, size: weight(chosen) })}
          value={chosen}
          onChange={onChange}
        >
          <div className={styles.chosen}>
            {items.map(({ id, name, size }) => (
              <Checkbox
                key={id}
                size="xs"
                value={id}
                label={
                  <span className={styles.original}>
                    <bdi className="untrusted">{name}</bdi>
                    <span className={styles.dim}>{bytes(size)}</span>
                  </span>
                }
              />
            ))}
          </div>
        </Checkbox.Group>
      )}
    </div>
  )
}
