import { Modal } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { KeyHint } from './key-hint.tsx'
import styles from './keyboard-map.module.css'

/** Every key of the interface, by screen. The handlers stand in the views; a key without a row here is a defect. */
const GROUPS = [
  {
    name: 'everywhere',
    keys: [
      ['help', ['?']],
      ['start', ['Alt', '1']],
      ['intake', ['Alt', '2']],
      ['triage', ['Alt', '3']],
      ['cases', ['Alt', '4']],
      ['models', ['Alt', '5']],
      ['search', ['Alt', '6']],
      ['palette', ['Ctrl', 'K']],
    ],
  },
  {
    name: 'drawing',
    keys: [
      ['along', ['← → ↑ ↓']],
      ['open', ['Enter']],
      ['closer', ['+']],
      ['further', ['−']],
      ['all', ['0']],
      ['none', ['Esc']],
    ],
  },
  {
    name: 'board',
    keys: [
      ['next', ['J']],
      ['previous', ['K']],
      ['open', ['Enter']],
      ['select', ['Space']],
      ['selectAll', ['Ctrl', 'A']],
      ['find', ['/']],
      ['clear', ['Esc']],
    ],
  },
  {
    name: 'bench',
    keys: [
      ['play', ['Space']],
      ['frame', ['←', '→']],
      ['tenFrames', ['Shift', '← →']],
      ['second', ['Ctrl', '← →']],
      ['start', ['Home']],
      ['end', ['End']],
      ['nextSegment', ['N']],
      ['previousSegment', ['P']],
      ['slower', ['[']],
      ['faster', [']']],
      ['loop', ['L']],
      ['magnifier', ['M']],
      ['zoomIn', ['+']],
      ['zoomOut', ['−']],
      ['fit', ['0']],
      ['mute', ['U']],
      ['file', ['F']],
    ],
  },
  {
    name: 'match',
    keys: [
      ['play', ['Space']],
      ['frame', ['←', '→']],
      ['stops', ['N', 'P']],
      ['modes', ['1 – 4']],
      ['turn', ['M']],
      ['loop', ['L']],
      ['accept', ['A']],
      ['reject', ['X']],
    ],
  },
] as const

interface Props {
  readonly opened: boolean
  readonly onClose: () => void
}

export function KeyboardMap({ opened, onClose }: Props) {
  const { t } = useTranslation()
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      title={t('keys.title')}
      size="56rem"
      closeButtonProps={{ 'aria-label': t('common.close') }}
    >
      <div className={styles.groups}>
        {GROUPS.map((group) => (
          <section key={group.name}>
            <h3 className={styles.name}>{t(`keys.${group.name}.title`)}</h3>
            <dl className={styles.list}>
              {group.keys.map(([name, keys]) => (
                <div key={name} className={styles.row}>
                  <dt>{t(`keys.${group.name}.${name}` as 'keys.board.next')}</dt>
                  <dd>
                    <KeyHint keys={keys} />
                  </dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
    </Modal>
  )
}
