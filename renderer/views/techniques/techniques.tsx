import { Button, Select, Switch } from '@mantine/core'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import { fileName, saveText } from '../../charts/save.ts'
import { api } from '../../client.ts'
import { EmptyState } from '../../components/empty-state.tsx'
import { KindMark } from '../../components/kind-mark.tsx'
import { Loaded } from '../../components/loaded.tsx'
import { Panel } from '../../components/panel.tsx'
import { ScrollRegion } from '../models/scroll-region.tsx'
import { nodeAddress } from '../records/links-panel.tsx'
import { columnsOf } from './matrix.ts'
import { matrixSvg } from './matrix-svg.ts'
import styles from './techniques.module.css'

/** DISARM techniques that a case or an actor is said to use: tactics as columns, and who uses what on what evidence. */
export default function Techniques({ caseId, title }: { readonly caseId?: string; readonly title: string }) {
  const { t } = useTranslation()
  const [actorId, setActorId] = useState<string | null>(null)
  const [all, setAll] = useState(false)
  const [chosen, setChosen] = useState<string | null>(null)
  const actors = useQuery(api.cases.entities.queryOptions({ input: { kind: 'actor', limit: 5000 } })).data ?? []
  const framework = useQuery(api.disarm.tactics.queryOptions()).data
  const uses = useQuery({
    ...api.graph.techniques.queryOptions({ input: { caseId, actorId: actorId ?? undefined } }),
    placeholderData: keepPreviousData,
  })
  return (
    <div className={styles.page}>
      <div className={styles.controls}>
        <Select
          label={t('techniques.actor')}
          placeholder={t(caseId ? 'techniques.wholeCase' : 'techniques.everybody')}
          data={actors.map(({ id, name }) => ({ value: id, label: name }))}
          value={actorId}
          onChange={setActorId}
          searchable
          clearable
        />
        <Switch
          size="xs"
          label={t('techniques.all')}
          checked={all}
          onChange={(event) => setAll(event.currentTarget.checked)}
        />
        <Button
          variant="default"
          className={styles.push}
          onClick={() =>
            saveText(
              matrixSvg(columnsOf(uses.data ?? [], framework?.tactics ?? [], all), title),
              fileName(`${title} techniques`, 'svg'),
              'image/svg+xml',
            )
          }
        >
          SVG
        </Button>
      </div>
      <Loaded query={uses}>
        {(list) => {
          const columns = columnsOf(list, framework?.tactics ?? [], all)
          if (!list.length && !all)
            return <EmptyState title={t('techniques.empty')}>{t('techniques.emptyHelp')}</EmptyState>
          const most = Math.max(1, ...list.map(({ users }) => users.length))
          const picked = list.find(({ technique }) => technique.id === chosen)
          return (
            <>
              <ScrollRegion label={t('techniques.matrix')}>
                <div className={styles.matrix}>
                  {columns.map(({ tactic, uses }) => (
                    <section key={tactic?.id ?? 'none'} className={styles.column}>
                      <h2 className={styles.tactic}>
                        {tactic ? (
                          <>
                            <span className={styles.id}>{tactic.id === tactic.name ? '' : tactic.id}</span>{' '}
                            {tactic.name}
                          </>
                        ) : (
                          t('techniques.noTactic')
                        )}
                        <span className={styles.id}>{uses.length || ''}</span>
                      </h2>
                      <ul className={styles.cells}>
                        {uses.map(({ technique, users }) => (
                          <li key={technique.id}>
                            <button
                              type="button"
                              className={styles.cell}
                              aria-pressed={technique.id === chosen}
                              style={{ '--weight': `${12 + (60 * users.length) / most}%` }}
                              onClick={() => setChosen(technique.id === chosen ? null : technique.id)}
                            >
                              <span className={styles.id}>
                                {technique.techniqueId}
                                {technique.framework === 'local' ? ` ${t('techniques.local')}` : ''}
                              </span>
                              <bdi>{technique.name}</bdi>
                              <span
                                className={styles.count}
                                aria-label={t('techniques.users', { count: users.length })}
                              >
                                {users.length}
                              </span>
                            </button>
                          </li>
                        ))}
                      </ul>
                    </section>
                  ))}
                </div>
              </ScrollRegion>
              {picked ? (
                <Panel
                  title={
                    <Link href={`/records/${picked.technique.id}`}>
                      <bdi>
                        {picked.technique.techniqueId} {picked.technique.name}
                      </bdi>
                    </Link>
                  }
                >
                  <ul className={styles.users}>
                    {picked.users.map((user) => (
                      <li key={user.relationId}>
                        <KindMark kind={user.kind} />{' '}
                        <Link href={nodeAddress(user)}>
                          <bdi>{user.name}</bdi>
                        </Link>
                        {user.disputed ? <span className={styles.disputed}> {t('records.disputed')}</span> : null}
                      </li>
                    ))}
                  </ul>
                </Panel>
              ) : null}
            </>
          )
        }}
      </Loaded>
      {framework ? <p className={styles.attribution}>{framework.attribution}</p> : null}
    </div>
  )
}
