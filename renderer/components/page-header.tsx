import type { ReactNode } from 'react'
import { useEffect } from 'react'
import styles from './page-header.module.css'

interface Props {
  readonly title: ReactNode
  /** Window title, where `title` is not plain text. */
  readonly documentTitle?: string
  /** One sentence under the title: what the page is for, or the key facts of its subject. */
  readonly lead?: ReactNode
  /** Buttons of the page, at its end side. */
  readonly actions?: ReactNode
}

/** The first line of every page; also names the browser window. */
export function PageHeader({ title, documentTitle, lead, actions }: Props) {
  const name = documentTitle ?? (typeof title === 'string' ? title : '')
  useEffect(() => {
    document.title = name ? `${name} · Assay` : 'Assay'
  }, [name])
  return (
    <header className={styles.header}>
      <div className={styles.words}>
        <h1 className={styles.title}>{title}</h1>
        {lead ? <div className={styles.lead}>{lead}</div> : null}
      </div>
      {actions ? <div className={styles.actions}>{actions}</div> : null}
    </header>
  )
}
