import type { Excerpt } from '../../../main/contract/search.ts'
import styles from './search.module.css'

/** Text with the words that were found. */
export function Marked({ excerpt }: { readonly excerpt: Excerpt }) {
  const parts: { text: string; found: boolean }[] = []
  let at = 0
  for (const [start, end] of excerpt.marks) {
    if (start > at) parts.push({ text: excerpt.text.slice(at, start), found: false })
    parts.push({ text: excerpt.text.slice(start, end), found: true })
    at = end
  }
  if (at < excerpt.text.length) parts.push({ text: excerpt.text.slice(at), found: false })
  return (
    <bdi className="untrusted">
      {parts.map(({ text, found }, i) =>
        found ? (
          <mark key={i} className={styles.mark}>
            {text}
          </mark>
        ) : (
          text
        ),
      )}
    </bdi>
  )
}
