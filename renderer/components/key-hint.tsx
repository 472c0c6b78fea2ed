import { Fragment } from 'react'
import styles from './key-hint.module.css'

/** Keys as printed on the board: `['Shift', '→']`. */
export function KeyHint({ keys }: { readonly keys: readonly string[] }) {
  return (
    <span className={styles.keys}>
      {keys.map((key, i) => (
        <Fragment key={key}>
          {i ? <span aria-hidden="true">+</span> : null}
          <kbd className={styles.key}>{key}</kbd>
        </Fragment>
      ))}
    </span>
  )
}
