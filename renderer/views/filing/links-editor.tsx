import { ActionIcon, Autocomplete, Button, Select } from '@mantine/core'
import { IconPlus, IconX } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import type { Entity, EntityKind, RelationType } from '../../../main/contract/cases.ts'
import { api } from '../../client.ts'
import { offeredRelations, suggestedRelation } from '../cases/relations.ts'
import styles from './filing.module.css'

/** A link being written: to a record that exists (`entityId`), or to one that filing will make (`kind` and `name`). */
export interface DraftLink {
  readonly key: number
  readonly relation: RelationType | null
  readonly entityId: string | null
  readonly kind: EntityKind
  readonly name: string
}

interface Props {
  readonly links: readonly DraftLink[]
  readonly onChange: (links: DraftLink[]) => void
}

export function LinksEditor({ links, onChange }: Props) {
  const { t } = useTranslation()
  const kinds = useQuery(api.cases.kinds.queryOptions())
  const entities = useQuery(api.cases.entities.queryOptions({ input: {} }))
  const replace = (key: number, change: Partial<DraftLink>): void =>
    onChange(links.map((link) => (link.key === key ? { ...link, ...change } : link)))

  return (
    <div className={styles.links}>
      <p className={styles.help}>{t('filing.linksHelp')}</p>
      {links.map((link) => {
        const target = entities.data?.find((entity) => entity.id === link.entityId)
        const kind = target?.kind ?? link.kind
        const offered = offeredRelations(kinds.data?.relations ?? [], 'evidence', kind)
        return (
          <div key={link.key} className={styles.link}>
            <span className={styles.self}>{t('filing.thisVideo')}</span>
            <Select
              aria-label={t('filing.relation')}
              data={offered.map((rule) => ({ value: rule.type, label: rule.label }))}
              value={link.relation}
              onChange={(relation) => replace(link.key, { relation: relation as RelationType | null })}
              allowDeselect={false}
            />
            <Select
              aria-label={t('filing.targetKind')}
              data={(kinds.data?.kinds ?? []).map((info) => ({ value: info.kind, label: info.label }))}
              value={kind}
              onChange={(next) => {
                const chosen = (next ?? 'operation') as EntityKind
                const fits = offeredRelations(kinds.data?.relations ?? [], 'evidence', chosen)
                const keeps = fits.some((rule) => rule.type === link.relation)
                replace(link.key, {
                  kind: chosen,
                  entityId: null,
                  relation: keeps ? link.relation : suggestedRelation(fits),
                })
              }}
              allowDeselect={false}
            />
            <Autocomplete
              size="xs"
              aria-label={t('filing.target')}
              placeholder={t('filing.targetPick')}
              className={styles.target}
              data={unique(entities.data ?? [], kind)}
              value={target?.name ?? link.name}
              onChange={(name) => {
                const known = entities.data?.find((entity) => entity.kind === kind && entity.name === name.trim())
                replace(link.key, { name, entityId: known?.id ?? null, kind })
              }}
            />
            <ActionIcon
              aria-label={t('filing.removeLink')}
              onClick={() => onChange(links.filter((other) => other.key !== link.key))}
            >
              <IconX size={15} />
            </ActionIcon>
            {link.name.trim() && !link.entityId ? (
              <span className={styles.newTarget}>
                {t('filing.targetNew', {
                  kind: kinds.data?.kinds.find((info) => info.kind === kind)?.label.toLowerCase() ?? kind,
                  name: link.name.trim(),
                })}
              </span>
            ) : null}
          </div>
        )
      })}
      <div>
        <Button
          variant="default"
          leftSection={<IconPlus size={14} />}
          onClick={() =>
            onChange([
              ...links,
              {
                key: Math.max(0, ...links.map((link) => link.key)) + 1,
                relation: suggestedRelation(offeredRelations(kinds.data?.relations ?? [], 'evidence', 'operation')),
                entityId: null,
                kind: 'operation',
                name: '',
              },
            ])
          }
        >
          {t('filing.addLink')}
        </Button>
      </div>
    </div>
  )
}

/** Names of one kind for the list of suggestions, each once. */
function unique(entities: readonly Entity[], kind: EntityKind): string[] {
  return [...new Set(entities.filter((entity) => entity.kind === kind).map((entity) => entity.name))]
}
