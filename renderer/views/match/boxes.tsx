import type { Region } from '../../../main/contract/common.ts'
import styles from './match.module.css'

export interface Box {
  readonly key: string
  readonly label: string
  readonly region: Region
  readonly kind: 'difference' | 'placement'
  readonly active?: boolean
}

/** Boxes over a picture; fractions of it as it is shown, unless it is `flipped`. */
export function Boxes({ boxes, flipped }: { readonly boxes: readonly Box[]; readonly flipped: boolean }) {
  return (
    <div className={styles.boxes}>
      {boxes.map(({ key, label, region: { x, y, width, height }, kind, active }) => (
        <div
          key={key}
          className={styles.box}
          data-kind={kind}
          data-active={active || undefined}
          style={{
            left: `${(flipped ? 1 - x - width : x) * 100}%`,
            top: `${y * 100}%`,
            width: `${width * 100}%`,
            height: `${height * 100}%`,
          }}
        >
          <span className={styles.boxLabel}>{label}</span>
        </div>
      ))}
    </div>
  )
}
