import { useTranslation } from 'react-i18next'
import { timeCode } from '../text/format.ts'
import styles from './time-code.module.css'

interface Props {
  /** Seconds of media time. */
  readonly at: number
  readonly digits?: number
  /** Where it goes when clicked; without it the time is plain text. */
  readonly onSeek?: (seconds: number) => void
}

/** A media time; where a player is at hand, a click goes there. */
export function TimeCode({ at, digits = 2, onSeek }: Props) {
  const { t } = useTranslation()
  const text = timeCode(at, digits)
  return onSeek ? (
    <button
      type="button"
      className={styles.seek}
      onClick={() => onSeek(at)}
      aria-label={t('time.seek', { time: text })}
    >
      {text}
    </button>
  ) : (
    <time className={styles.time}>{text}</time>
  )
}
