import { Modal, Table } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { EvidenceExhibit } from '../../../main/contract/signals.ts'
import { Hash } from '../../components/hash.tsx'
import { TimeCode } from '../../components/time-code.tsx'
import styles from './findings.module.css'

interface Props {
  readonly exhibit: EvidenceExhibit
  readonly onSeek: (seconds: number) => void
}

/** What lets a person see what the signal saw: a picture that can be enlarged, or a table. */
export function Exhibit({ exhibit, onSeek }: Props) {
  const { t } = useTranslation()
  const [large, setLarge] = useState(false)
  if (exhibit.kind === 'table')
    return (
      <details className={styles.more}>
        <summary>{exhibit.caption}</summary>
        {/* A region that scrolls must be reachable with the keyboard. */}
        {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
        <div className={styles.tableRoom} tabIndex={0} role="region" aria-label={exhibit.caption}>
          <Table horizontalSpacing="xs" verticalSpacing={2} fz="xs">
            <Table.Thead>
              <Table.Tr>
                {exhibit.columns.map((column) => (
                  <Table.Th key={column}>{column}</Table.Th>
                ))}
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {exhibit.rows.map((row, i) => (
                // Rows have no identity of their own and never change place.
                // oxlint-disable-next-line react/no-array-index-key
                <Table.Tr key={i}>
                  {row.map((cell, k) => (
                    // oxlint-disable-next-line react/no-array-index-key
                    <Table.Td key={k} className="untrusted">
                      {cell}
                    </Table.Td>
                  ))}
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </div>
      </details>
    )
  const url = `/file/derived/${exhibit.sha256}`
  return (
    <figure className={styles.figure}>
      <button
        type="button"
        className={styles.thumb}
        onClick={() => setLarge(true)}
        aria-label={t('finding.enlarge', { caption: exhibit.caption })}
      >
        <img src={url} alt={exhibit.caption} width={exhibit.width} height={exhibit.height} loading="lazy" />
      </button>
      <figcaption className={styles.caption}>
        {exhibit.at === undefined ? null : <TimeCode at={exhibit.at} onSeek={onSeek} />} {exhibit.caption}
      </figcaption>
      <Modal
        opened={large}
        onClose={() => setLarge(false)}
        title={exhibit.caption}
        size={Math.max(480, exhibit.width + 32)}
        closeButtonProps={{ 'aria-label': t('common.close') }}
      >
        <img src={url} alt={exhibit.caption} className={styles.large} />
        <p className={styles.dim}>
          {exhibit.width} × {exhibit.height} · <Hash value={exhibit.sha256} length={24} />
        </p>
      </Modal>
    </figure>
  )
}
