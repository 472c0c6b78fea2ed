import type { ReactNode } from 'react'
import styles from './models.module.css'

interface Props {
  /** For screen readers. */
  readonly label: string
  readonly children: ReactNode
  /** In the place of the look it has by itself. */
  readonly className?: string | undefined
}

/** What may be wider or higher than its place: it scrolls by itself, also with the keyboard. */
export function ScrollRegion({ label, children, className = styles.scroll }: Props) {
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- without it nobody could scroll by keyboard
    <div className={className} role="region" tabIndex={0} aria-label={label}>
      {children}
    </div>
  )
}
