import { Badge } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import { api } from '../../client.ts'
import { KindMark } from '../../components/kind-mark.tsx'
import { Loaded } from '../../components/loaded.tsx'
import { Panel } from '../../components/panel.tsx'
import { nodeAddress } from '../records/links-panel.tsx'
import styles from './hypotheses.module.css'

/** Where sources or analysts differ: every side as it was said, none of them overwritten. */
export function Disagreements({ caseId }: { readonly caseId: string }) {
  const { t } = useTranslation()
  const found = useQuery(api.tradecraft.disagreements.queryOptions({ input: { caseId } }))
  return (
    <Panel title={t('disagreements.title')}>
      <Loaded query={found}>
        {(list) =>
          list.length ? (
            <ul className={styles.disagreements}>
              {list.map(({ subject, text, sides, kind }) => (
                <li key={`${kind} ${subject.id} ${text}`}>
                  <p className={styles.strong}>
                    <KindMark kind={subject.kind} />{' '}
                    <Link href={nodeAddress(subject)}>
                      <bdi>{subject.name}</bdi>
                    </Link>{' '}
                    <span className={styles.dim}>{text}</span>
                  </p>
                  <ul className={styles.sides}>
                    {sides.map((side, i) => (
                      <li key={i}>
                        <span dir="auto">{side.text}</span>
                        <span className={styles.dim}>
                          {side.grade} <bdi>{side.source}</bdi>
                        </span>
                        {side.disputed ? (
                          <Badge component="span" color="red" size="sm">
                            {t('records.disputed')}
                          </Badge>
                        ) : null}
                      </li>
                    ))}
                  </ul>
                </li>
              ))}
            </ul>
          ) : (
            <p className={styles.dim}>{t('disagreements.none')}</p>
          )
        }
      </Loaded>
    </Panel>
  )
}
