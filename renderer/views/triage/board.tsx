import { Checkbox, Tooltip } from '@mantine/core'
import { useHotkeys } from '@mantine/hooks'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useCallback, useDeferredValue, useMemo, useRef, useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useLocation } from 'wouter'
import type { BoardRow as Row } from '../../../main/contract/findings.ts'
import { api } from '../../client.ts'
import { KeyHint } from '../../components/key-hint.tsx'
import { notifyFailure } from '../../components/notify.ts'
import { VirtualRows, type VirtualRowsHandle } from '../../components/virtual-rows.tsx'
import { kept, useKept } from '../../kept.ts'
import { BoardRow } from './board-row.tsx'
import { BulkBar } from './bulk-bar.tsx'
import { FilterBar } from './filter-bar.tsx'
import { apply, filters } from './filters.ts'
import styles from './triage.module.css'

/** The row one was at, so that coming back from the Bench goes on from there. */
const lastActive = kept<string | null>(null)

/** True where a key belongs to the control that has the focus. */
const ownsKeys = (event: KeyboardEvent): boolean =>
  event.target instanceof Element &&
  event.target.closest('button, a, [role="menu"], [role="dialog"], [role="listbox"]') !== null

interface Props {
  readonly rows: readonly Row[]
  /** Shown where the filters leave no row. */
  readonly nothing: ReactNode
}

export function Board({ rows, nothing }: Props) {
  const { t } = useTranslation()
  const [, navigate] = useLocation()
  const [filter] = useKept(filters)
  const [active, setActive] = useKept(lastActive)
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set())
  const list = useRef<VirtualRowsHandle>(null)
  const text = useRef<HTMLInputElement>(null)
  const signals = useQuery(api.signals.list.queryOptions()).data ?? []
  const deferred = useDeferredValue(filter)
  const shown = useMemo(() => apply(rows, deferred), [rows, deferred])
  const activeId = shown.some((row) => row.evidenceId === active) ? active : (shown[0]?.evidenceId ?? null)

  const { mutate: cancelJobs } = useMutation(api.jobs.cancel.mutationOptions({ onError: notifyFailure }))
  const { mutate: retryJobs } = useMutation(api.jobs.retry.mutationOptions({ onError: notifyFailure }))
  const cancel = useCallback((id: string) => cancelJobs({ ids: [id] }), [cancelJobs])
  const retry = useCallback((id: string) => retryJobs({ ids: [id] }), [retryJobs])
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

  const move = (by: number): void => {
    const at = shown.findIndex((row) => row.evidenceId === activeId)
    const to = Math.min(shown.length - 1, Math.max(0, at + by))
    const next = shown[to]
    if (!next) return
    setActive(next.evidenceId)
    list.current?.show(to)
    // The row may have to be drawn first.
    requestAnimationFrame(() =>
      requestAnimationFrame(() => document.getElementById(`row-${next.evidenceId}`)?.focus({ preventScroll: true })),
    )
  }
  useHotkeys([
    ['j', () => move(1)],
    ['ArrowDown', () => move(1)],
    ['k', () => move(-1)],
    ['ArrowUp', () => move(-1)],
    [
      'Enter',
      (event) => {
        if (ownsKeys(event) || !activeId) return
        event.preventDefault()
        navigate(`/evidence/${activeId}`)
      },
      { preventDefault: false },
    ],
    [
      'space',
      (event) => {
        if (ownsKeys(event) || !activeId) return
        event.preventDefault()
        select(activeId, !selected.has(activeId))
      },
      { preventDefault: false },
    ],
    ['mod+A', () => setSelected(new Set(shown.map((row) => row.evidenceId)))],
    ['/', () => text.current?.focus()],
    ['Escape', () => setSelected(new Set()), { preventDefault: false }],
  ])

  const chosen = rows.filter((row) => selected.has(row.evidenceId))
  const chosenShown = shown.filter((row) => selected.has(row.evidenceId)).length
  return (
    <div className={styles.board} style={{ '--lanes': signals.length }}>
      <FilterBar rows={rows} text={text} />
      {chosen.length ? (
        <BulkBar
          rows={chosen}
          onClear={() => setSelected(new Set())}
          onCancel={(ids) => cancelJobs({ ids })}
          onRetry={(ids) => retryJobs({ ids })}
        />
      ) : null}
      {shown.length ? (
        <VirtualRows
          ref={list}
          role="grid"
          multiselectable
          label={t('board.title')}
          items={shown}
          keyOf={(row) => row.evidenceId}
          rowHeight={88}
          head={
            <div role="row" className={styles.head}>
              <div role="columnheader" aria-label={t('board.selectAll')}>
                <Checkbox
                  size="xs"
                  aria-label={t('board.selectAll')}
                  checked={chosenShown === shown.length}
                  indeterminate={chosenShown > 0 && chosenShown < shown.length}
                  onChange={(event) =>
                    setSelected(new Set(event.currentTarget.checked ? shown.map((row) => row.evidenceId) : []))
                  }
                />
              </div>
              <div role="columnheader">{t('board.columns.item')}</div>
              {signals.map((signal) => (
                <div role="columnheader" key={signal.id} className={styles.laneHead} aria-label={signal.title}>
                  <Tooltip label={`${signal.measures}${signal.counted ? '' : ` ${t('board.notCounted')}`}`}>
                    <span>{signal.title}</span>
                  </Tooltip>
                </div>
              ))}
              <div role="columnheader">{t('board.columns.priority')}</div>
              <div role="columnheader">{t('board.columns.state')}</div>
            </div>
          }
          renderRow={(row, index) => (
            <BoardRow
              row={row}
              index={index}
              signals={signals}
              active={row.evidenceId === activeId}
              selected={selected.has(row.evidenceId)}
              onActivate={setActive}
              onSelect={select}
              onCancel={cancel}
              onRetry={retry}
            />
          )}
        />
      ) : (
        nothing
      )}
      <footer className={styles.keys}>
        <span>
          <KeyHint keys={['J']} /> <KeyHint keys={['K']} /> {t('board.keys.move')}
        </span>
        <span>
          <KeyHint keys={['Enter']} /> {t('board.keys.open')}
        </span>
        <span>
          <KeyHint keys={['Space']} /> {t('board.keys.select')}
        </span>
        <span className={styles.keysNote}>{t('board.notVerdict')}</span>
      </footer>
    </div>
  )
}
