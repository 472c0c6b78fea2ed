import { IconFileText, IconMovie, IconWorld } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import type { Support } from '../../../main/contract/common.ts'
import { api } from '../../client.ts'
import { timeCode } from '../../text/format.ts'
import styles from './records.module.css'
import { supportAddress } from './time-text.ts'
import { DatedText } from './value-text.tsx'

interface Props {
  readonly supports: readonly Support[]
  readonly names: Readonly<Record<string, string>>
  /** The source that the assertion cites: pages without a source of their own are of that one. */
  readonly sourceId: string | null
}

/** What bears an assertion; a click opens exactly that. */
export function SupportsList({ supports, names, sourceId }: Props) {
  if (!supports.length) return null
  return (
    <ul className={styles.supports}>
      {supports.map((support, i) => (
        <li key={i}>
          <OneSupport support={support} names={names} sourceId={sourceId} />
        </li>
      ))}
    </ul>
  )
}

function OneSupport({ support, names, sourceId }: Omit<Props, 'supports'> & { readonly support: Support }) {
  const { t } = useTranslation()
  const videos = useQuery(api.findings.board.queryOptions()).data
  const address = supportAddress(support.page && !support.sourceId && sourceId ? { ...support, sourceId } : support)
  const note = support.note ? <span dir="auto">{` ${support.note}`}</span> : null
  if (support.evidenceId) {
    const name = videos?.find((row) => row.evidenceId === support.evidenceId)?.name ?? t('records.aVideo')
    return (
      <Link href={address!} className={styles.supportLink}>
        <IconMovie size={14} aria-hidden="true" />
        <bdi className="untrusted">{name}</bdi>
        {support.start === undefined ? null : (
          <span>
            {timeCode(support.start, 2)}
            {support.end === undefined ? '' : `–${timeCode(support.end, 2)}`}
          </span>
        )}
        {support.region ? <span>{t('records.aRegion')}</span> : null}
        {note}
      </Link>
    )
  }
  if (support.capture)
    return (
      <span className={styles.supportLink}>
        <IconWorld size={14} aria-hidden="true" />
        <code className="untrusted" dir="ltr">
          {support.capture.url}
        </code>
        {support.capture.capturedAt ? <DatedText value={support.capture.capturedAt} /> : null}
        {note}
      </span>
    )
  const of = support.sourceId ?? sourceId
  const words = (
    <>
      <IconFileText size={14} aria-hidden="true" />
      <bdi>{(of && names[of]) ?? t('records.aDocument')}</bdi>
      {support.page ? <span>{t('records.pageIs', { page: support.page })}</span> : null}
      {note}
    </>
  )
  return address ? (
    <Link href={address} className={styles.supportLink}>
      {words}
    </Link>
  ) : (
    <span className={styles.supportLink}>{words}</span>
  )
}
