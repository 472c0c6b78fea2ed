import { useVirtualizer } from '@tanstack/react-virtual'
import { useEffect, useImperativeHandle, useRef, type ReactNode, type Ref } from 'react'
import styles from './virtual-rows.module.css'

export interface VirtualRowsHandle {
  /** Brings a row into view. */
  show(index: number): void
}

interface Props<T> {
  readonly items: readonly T[]
  readonly keyOf: (item: T) => string
  /** Height of a row in pixels; rows that differ are measured when shown. */
  readonly rowHeight: number
  readonly renderRow: (item: T, index: number) => ReactNode
  /** Sticks to the top while the rows scroll. */
  readonly head?: ReactNode
  readonly label: string
  readonly role?: 'table' | 'grid'
  readonly ref?: Ref<VirtualRowsHandle>
  readonly multiselectable?: boolean
}

/** A list of any length of which only the rows in view exist in the page. */
export function VirtualRows<T>({
  items,
  keyOf,
  rowHeight,
  renderRow,
  head,
  label,
  role = 'table',
  ref,
  multiselectable,
}: Props<T>) {
  const scroller = useRef<HTMLDivElement>(null)
  // Its functions change what they return; nothing here is memoised over them.
  // oxlint-disable-next-line react/incompatible-library
  const virtual = useVirtualizer({
    count: items.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    getItemKey: (index) => keyOf(items[index]!),
    overscan: 6,
  })
  useImperativeHandle(ref, () => ({ show: (index) => virtual.scrollToIndex(index, { align: 'auto' }) }), [virtual])
  useEffect(() => virtual.measure(), [rowHeight, virtual])
  return (
    <div
      ref={scroller}
      className={styles.scroller}
      role={role}
      aria-label={label}
      aria-rowcount={items.length + (head ? 1 : 0)}
      aria-multiselectable={multiselectable || undefined}
      tabIndex={role === 'table' ? 0 : undefined}
    >
      {head ? (
        <div role="rowgroup" className={styles.head}>
          {head}
        </div>
      ) : null}
      <div role="rowgroup" className={styles.body} style={{ blockSize: virtual.getTotalSize() }}>
        {virtual.getVirtualItems().map((item) => (
          <div
            key={item.key}
            ref={virtual.measureElement}
            data-index={item.index}
            className={styles.slot}
            role="presentation"
            style={{ transform: `translateY(${item.start}px)` }}
          >
            {renderRow(items[item.index]!, item.index)}
          </div>
        ))}
      </div>
    </div>
  )
}
