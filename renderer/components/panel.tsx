import type { ReactNode } from 'react'
import styles from './panel.module.css'

interface Props {
  readonly title?: ReactNode
  readonly actions?: ReactNode
  readonly children: ReactNode
  /** Removes the inner padding, for tables and lists that reach the edge. */
  readonly flush?: boolean
}

/** A titled part of a page. */
export function Panel({ title, actions, children, flush = false }: Props) {
  return (
    <section className={styles.panel}>
      {title ? (
        <header className={styles.head}>
          <h2 className={styles.title}>{title}</h2>
          {actions}
        </header>
      ) : null}
      <div className={flush ? undefined : styles.body}>{children}</div>
    </section>
  )
}
