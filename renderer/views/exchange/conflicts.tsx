import { Radio } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import type { ImportPreview } from '../../../main/contract/exchange.ts'
import { KindMark } from '../../components/kind-mark.tsx'
import { Panel } from '../../components/panel.tsx'
import { instant } from '../../text/format.ts'
import styles from './exchange.module.css'

type Conflict = ImportPreview['conflicts'][number]

interface Props {
  readonly conflicts: readonly Conflict[]
  /** Of all kinds; relations are counted and not listed. */
  readonly count: number
  readonly onConflict: 'ours' | 'theirs'
  readonly onChange: (next: 'ours' | 'theirs') => void
}

/** Records that are here in another state, both states side by side; and which of them is to count. */
export function Conflicts({ conflicts, count, onConflict, onChange }: Props) {
  const { t } = useTranslation()
  return (
    <Panel title={t('exchange.conflicts.title', { count })} flush>
      <Radio.Group
        className={styles.choice}
        label={t('exchange.conflicts.question')}
        value={onConflict}
        onChange={(value) => onChange(value as 'ours' | 'theirs')}
      >
        <div className={styles.choices}>
          <Radio
            size="xs"
            value="ours"
            label={t('exchange.conflicts.ours')}
            description={t('exchange.conflicts.oursHelp')}
          />
          <Radio
            size="xs"
            value="theirs"
            label={t('exchange.conflicts.theirs')}
            description={t('exchange.conflicts.theirsHelp')}
          />
        </div>
      </Radio.Group>
      <ul className={styles.list}>
        {conflicts.map((conflict) => (
          <li key={conflict.id} className={styles.conflict}>
            <p className={styles.kind}>
              <KindMark kind={conflict.kind} />
              <Link href={conflict.kind === 'case' ? `/cases/${conflict.id}` : `/records/${conflict.id}`}>
                <bdi>{conflict.name}</bdi>
              </Link>
            </p>
            <SideBySide conflict={conflict} />
          </li>
        ))}
      </ul>
      {conflicts.length >= 200 ? (
        <p className={styles.help}>{t('exchange.conflicts.more', { count: conflicts.length })}</p>
      ) : null}
    </Panel>
  )
}

function SideBySide({ conflict: { reason, here, there, differences } }: { readonly conflict: Conflict }) {
  const { t } = useTranslation()
  if (reason === 'removed') return <p className={styles.dim}>{t('exchange.conflicts.removed')}</p>
  if (!differences.length) return <p className={styles.dim}>{t('exchange.conflicts.history')}</p>
  return (
    <table className={styles.compare}>
      <thead>
        <tr>
          <th scope="col">{t('exchange.conflicts.field')}</th>
          <th scope="col">{t('exchange.conflicts.here', { when: instant(here) })}</th>
          <th scope="col">{t('exchange.conflicts.there', { when: instant(there) })}</th>
        </tr>
      </thead>
      <tbody>
        {differences.map((difference) => (
          <tr key={difference.field}>
            <th scope="row">{difference.field}</th>
            <td dir="auto" className="untrusted">
              {difference.here || '–'}
            </td>
            <td dir="auto" className="untrusted">
              {difference.there || '–'}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}
