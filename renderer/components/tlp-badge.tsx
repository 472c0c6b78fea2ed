import type { Tlp } from '../../main/contract/common.ts'
import styles from './tlp-badge.module.css'

/** A Traffic Light Protocol label in the colours that FIRST prescribes for TLP 2.0: the colour as text on black. */
export function TlpBadge({ tlp }: { readonly tlp: Tlp }) {
  return (
    <span className={styles.tlp} data-tlp={tlp}>
      TLP:{tlp}
    </span>
  )
}
