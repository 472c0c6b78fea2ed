import { Button } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Redaction } from '../../../main/contract/redaction.ts'
import type { ReportOptions, ReportPreview } from '../../../main/contract/reports.ts'
import { Panel } from '../../components/panel.tsx'
import { RedactionDialog } from './redaction-dialog.tsx'
import styles from './report.module.css'

interface Props {
  readonly options: ReportOptions
  /** Words of covered names that the report still says. */
  readonly leftover: ReportPreview['leftover']
  readonly onChange: (redaction: Redaction) => void
}

/** What the report withholds, in short, and what it still says of covered names. */
export function RedactionPanel({ options, leftover, onChange }: Props) {
  const { t } = useTranslation()
  const [open, setOpen] = useState(false)
  const { redaction } = options
  const { names, analysts, faces, regions, hashes } = redaction
  const said = [
    ...(names.length ? [t('reporting.redaction.namesSaid', { count: names.length })] : []),
    ...(analysts ? [t('reporting.redaction.analystsSaid')] : []),
    ...(faces === 'cover' ? [t('reporting.redaction.facesSaid')] : []),
    ...(regions.length ? [t('reporting.redaction.regionsSaid', { count: regions.length })] : []),
    ...(hashes === 'withhold' ? [t('reporting.redaction.hashesSaid')] : []),
  ]
  /** With the name that the word is of, so that it gets the same label. */
  const cover = (text: string, of: number | null): void =>
    onChange({
      ...redaction,
      names:
        of === null
          ? [...names, { recordId: null, texts: [text], label: '', reason: '' }]
          : names.map((name, place) => (place === of ? { ...name, texts: [...name.texts, text] } : name)),
    })
  return (
    <Panel title={t('reporting.redaction.title')}>
      <div className={styles.fields}>
        {said.length ? (
          <ul className={styles.said}>
            {said.map((line) => (
              <li key={line}>{line}</li>
            ))}
          </ul>
        ) : (
          <p className={styles.dim}>{t('reporting.redaction.nothing')}</p>
        )}
        <Button variant="default" onClick={() => setOpen(true)}>
          {t('reporting.redaction.choose')}
        </Button>
        <div role="status">
          {leftover.length ? (
            <div className={styles.leftover}>
              <p>{t('reporting.redaction.leftover')}</p>
              <ul>
                {leftover.slice(0, 12).map(({ text, places, name }) => (
                  <li key={text}>
                    <span>
                      <bdi>{text}</bdi> {t('reporting.redaction.places', { count: places })}
                    </span>
                    <Button
                      variant="default"
                      size="compact-xs"
                      aria-label={t('reporting.redaction.coverNamed', { text })}
                      onClick={() => cover(text, name)}
                    >
                      {t('reporting.redaction.cover')}
                    </Button>
                  </li>
                ))}
              </ul>
            </div>
          ) : null}
        </div>
      </div>
      <RedactionDialog opened={open} options={options} onChange={onChange} onClose={() => setOpen(false)} />
    </Panel>
  )
}
