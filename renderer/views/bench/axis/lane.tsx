import type { ReactNode } from 'react'
import styles from './axis.module.css'

interface Props {
  readonly label: ReactNode
  /** Under the label, smaller: unit, value at the playhead. */
  readonly note?: ReactNode
  readonly sticky?: boolean
  /** Belongs to the lane above it. */
  readonly inner?: boolean
  readonly children: ReactNode
}

/** One row of the axis: its name at the side, its content along the time. */
export function Lane({ label, note, sticky = false, inner = false, children }: Props) {
  return (
    <div className={styles.lane} data-sticky={sticky || undefined} data-inner={inner || undefined}>
      <div className={styles.gutter} data-gutter>
        <span className={styles.label}>{label}</span>
        {note ? <span className={styles.note}>{note}</span> : null}
      </div>
      <div className={styles.content}>{children}</div>
    </div>
  )
}
