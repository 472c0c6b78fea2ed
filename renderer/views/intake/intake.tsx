import { Button, Checkbox } from '@mantine/core'
import { IconListSearch } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useCallback, useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import { api } from '../../client.ts'
import { Loaded } from '../../components/loaded.tsx'
import { WithLibrary } from '../../components/with-library.tsx'
import { PageHeader } from '../../components/page-header.tsx'
import { VirtualRows } from '../../components/virtual-rows.tsx'
import { useKept } from '../../kept.ts'
import { DropZone } from './drop-zone.tsx'
import { EditDetails } from './edit-details.tsx'
import styles from './intake.module.css'
import { ItemRow, UploadRow, type Line } from './item-row.tsx'
import { NextDetails } from './next-details.tsx'
import { uploads } from './uploads.ts'

/** Where files come in: what is said about them, and how each one fares. */
export default function Intake() {
  const { t } = useTranslation()
  return (
    <WithLibrary title={t('shell.intake')}>
      <OpenIntake />
    </WithLibrary>
  )
}

function OpenIntake() {
  const { t } = useTranslation()
  const items = useQuery(api.intake.list.queryOptions())
  const board = useQuery(api.findings.board.queryOptions())
  const [sending] = useKept(uploads)
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set())
  const select = useCallback(
    (id: string, on: boolean) =>
      setSelected((before) => {
        const next = new Set(before)
        if (on) next.add(id)
        else next.delete(id)
        return next
      }),
    [],
  )
  const lines = useMemo<Line[]>(() => {
    const rows = new Map(board.data?.map((row) => [row.evidenceId, row]))
    return [
      ...sending.map((upload) => ({ kind: 'upload' as const, upload })),
      ...(items.data ?? []).map((item) => ({
        kind: 'item' as const,
        item,
        row: item.evidenceId ? rows.get(item.evidenceId) : undefined,
      })),
    ]
  }, [sending, items.data, board.data])
  const selectable = useMemo(
    () => [...new Set((items.data ?? []).flatMap((item) => item.evidenceId ?? []))],
    [items.data],
  )
  const busy = lines.filter(
    (line) => line.kind === 'upload' || line.item.state === 'waiting' || line.item.state === 'reading',
  ).length
  const refused = lines.filter((line) => line.kind === 'item' && line.item.state === 'refused').length
  const lead = [
    t('intake.total', { count: lines.length }),
    busy ? t('intake.busy', { count: busy }) : '',
    refused ? t('intake.refused', { count: refused }) : '',
  ]
  return (
    <>
      <PageHeader
        title={t('shell.intake')}
        lead={lines.length ? lead.filter(Boolean).join(' · ') : t('intake.lead')}
        actions={
          <Button variant="default" component={Link} href="/triage" leftSection={<IconListSearch size={15} />}>
            {t('start.toBoard')}
          </Button>
        }
      />
      <div className={styles.page}>
        <div className={styles.files}>
          <DropZone small={lines.length > 0} />
          <Loaded query={items}>
            {() =>
              lines.length ? (
                <VirtualRows
                  label={t('intake.files')}
                  items={lines}
                  keyOf={(line) => (line.kind === 'upload' ? line.upload.id : line.item.id)}
                  rowHeight={54}
                  head={
                    <div role="row" className={styles.head}>
                      <div role="columnheader">
                        <Checkbox
                          size="xs"
                          aria-label={t('intake.selectAll')}
                          checked={selectable.length > 0 && selected.size === selectable.length}
                          indeterminate={selected.size > 0 && selected.size < selectable.length}
                          disabled={!selectable.length}
                          onChange={(event) => setSelected(new Set(event.currentTarget.checked ? selectable : []))}
                        />
                      </div>
                      <div role="columnheader">{t('intake.columns.file')}</div>
                      <div role="columnheader" className={styles.num}>
                        {t('intake.columns.size')}
                      </div>
                      <div role="columnheader">{t('intake.columns.mark')}</div>
                      <div role="columnheader">{t('intake.columns.state')}</div>
                      <div role="columnheader">{t('intake.columns.priority')}</div>
                    </div>
                  }
                  renderRow={(line, index) =>
                    line.kind === 'upload' ? (
                      <UploadRow upload={line.upload} index={index} />
                    ) : (
                      <ItemRow
                        item={line.item}
                        row={line.row}
                        index={index}
                        selected={line.item.evidenceId !== null && selected.has(line.item.evidenceId)}
                        onSelect={select}
                      />
                    )
                  }
                />
              ) : null
            }
          </Loaded>
        </div>
        <aside className={styles.side} aria-label={t('intake.details')}>
          {selected.size ? (
            <EditDetails evidenceIds={[...selected]} onDone={() => setSelected(new Set())} />
          ) : (
            <NextDetails />
          )}
        </aside>
      </div>
    </>
  )
}
