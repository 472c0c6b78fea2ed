import { ActionIcon, Checkbox } from '@mantine/core'
import { IconArrowDown, IconArrowUp } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { sectionOrder, type ReportPart, type ReportSection } from '../../../main/contract/report-layout.ts'
import styles from './report.module.css'
import type { Settings } from './settings.ts'

interface Props {
  readonly settings: Settings
  readonly onChange: (change: Partial<Settings>) => void
}

/** Parts that stand inside a section. */
const INSIDE: Partial<Record<ReportSection, readonly ReportPart[]>> = { evidence: ['findings', 'custody', 'pictures'] }

/** Which sections a report has, from first to last. */
export function SectionList({ settings: { order, omit }, onChange }: Props) {
  const { t } = useTranslation()
  const sections = sectionOrder(order)
  const has = (part: ReportPart): boolean => !omit.includes(part)
  const toggle = (part: ReportPart, wanted: boolean): void =>
    onChange({ omit: wanted ? omit.filter((other) => other !== part) : [...omit, part] })
  const move = (from: number, to: number): void => {
    const next = [...sections]
    const [section] = next.splice(from, 1)
    next.splice(to, 0, section!)
    onChange({ order: next })
  }
  const box = (part: ReportPart, disabled = false) => (
    <Checkbox
      size="xs"
      label={t(`reporting.section.${part}`)}
      checked={has(part)}
      disabled={disabled}
      onChange={(event) => toggle(part, event.currentTarget.checked)}
    />
  )
  return (
    <fieldset className={styles.sections}>
      <legend>{t('reporting.sections')}</legend>
      <ol className={styles.sectionList}>
        {sections.map((section, place) => (
          <li key={section}>
            <div className={styles.sectionRow}>
              {box(section)}
              <span className={styles.movers}>
                <ActionIcon
                  variant="subtle"
                  size="sm"
                  aria-label={t('reporting.moveUp', { section: t(`reporting.section.${section}`) })}
                  disabled={place === 0}
                  onClick={() => move(place, place - 1)}
                >
                  <IconArrowUp size={14} aria-hidden />
                </ActionIcon>
                <ActionIcon
                  variant="subtle"
                  size="sm"
                  aria-label={t('reporting.moveDown', { section: t(`reporting.section.${section}`) })}
                  disabled={place === sections.length - 1}
                  onClick={() => move(place, place + 1)}
                >
                  <IconArrowDown size={14} aria-hidden />
                </ActionIcon>
              </span>
            </div>
            {INSIDE[section] ? (
              <div className={styles.inside}>
                {INSIDE[section].map((part) => (
                  <div key={part}>{box(part, !has(section))}</div>
                ))}
              </div>
            ) : null}
          </li>
        ))}
      </ol>
    </fieldset>
  )
}
