import { ActionIcon, Menu, Tooltip, useMantineColorScheme, type MantineColorScheme } from '@mantine/core'
import { useDisclosure, useHotkeys } from '@mantine/hooks'
import {
  IconCpu,
  IconDatabase,
  IconDeviceDesktop,
  IconFolders,
  IconHome,
  IconInbox,
  IconKeyboard,
  IconListSearch,
  IconMoon,
  IconPlugConnectedX,
  IconSearch,
  IconSun,
} from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { lazy, Suspense, useRef, useState, useSyncExternalStore, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Link, useLocation } from 'wouter'
import { connection } from '../changes.ts'
import { api } from '../client.ts'
import markUrl from '../theme/mark.svg'
import { KeyboardMap } from './keyboard-map.tsx'
import styles from './shell.module.css'

/** Mounted, and with it loaded, when it is first asked for. */
const Palette = lazy(() => import('../views/search/palette.tsx'))

const PLACES = [
  { to: '/', key: 'start', icon: IconHome, match: /^\/$/ },
  { to: '/intake', key: 'intake', icon: IconInbox, match: /^\/intake/ },
  { to: '/triage', key: 'triage', icon: IconListSearch, match: /^\/(triage|evidence)/ },
  { to: '/cases', key: 'cases', icon: IconFolders, match: /^\/(cases|records)/ },
  { to: '/search', key: 'search', icon: IconSearch, match: /^\/(search|all)/ },
  { to: '/models', key: 'models', icon: IconCpu, match: /^\/models/ },
] as const

/** The frame around every screen: where one can go, which library is open, theme and keyboard help. */
export function Shell({ children }: { readonly children: ReactNode }) {
  const { t } = useTranslation()
  const [location, navigate] = useLocation()
  const main = useRef<HTMLElement>(null)
  const [keys, { open: openKeys, close: closeKeys }] = useDisclosure(false)
  useHotkeys([
    ['shift+?', openKeys],
    ['?', openKeys],
  ])
  // From within a field as well: these type nothing there.
  useHotkeys(
    [
      ['alt+1', () => navigate('/')],
      ['alt+2', () => navigate('/intake')],
      ['alt+3', () => navigate('/triage')],
      ['alt+4', () => navigate('/cases')],
      ['alt+5', () => navigate('/models')],
      ['alt+6', () => navigate('/search')],
    ],
    [],
  )
  // Each asking mounts it anew, and mounting opens it.
  const [asked, setAsked] = useState(0)
  useHotkeys([['mod+k', () => setAsked((count) => count + 1)]], [])
  const library = useQuery(api.library.state.queryOptions())
  const open = library.data?.open

  return (
    <div className={styles.shell}>
      <button type="button" className={styles.skip} onClick={() => main.current?.focus()}>
        {t('shell.skip')}
      </button>
      <nav className={styles.rail} aria-label={t('shell.navigation')}>
        <div className={styles.brand}>
          <img src={markUrl} alt="" width={24} height={24} />
          <span className={styles.wide}>Assay</span>
        </div>
        <ul className={styles.places}>
          {PLACES.map(({ to, key, icon: Icon, match }) => (
            <li key={to}>
              <Link
                href={to}
                className={styles.place}
                aria-current={match.test(location) ? 'page' : undefined}
                title={t(`shell.${key}`)}
              >
                <Icon size={18} stroke={1.7} aria-hidden="true" />
                <span className={styles.placeName}>{t(`shell.${key}`)}</span>
                {key === 'triage' && open && open.counts.jobsPending > 0 ? (
                  <span className={styles.count} title={t('shell.pending', { count: open.counts.jobsPending })}>
                    {open.counts.jobsPending}
                  </span>
                ) : null}
              </Link>
            </li>
          ))}
        </ul>
        <div className={styles.foot}>
          <ConnectionNotice />
          {open ? (
            <Link href="/" className={styles.library} title={open.folder}>
              <IconDatabase size={16} stroke={1.7} aria-hidden="true" />
              <span className={styles.wide}>
                <span className={styles.libraryLabel}>{t('shell.library')}</span>
                <span className={styles.libraryName}>{open.name}</span>
              </span>
            </Link>
          ) : null}
          <div className={styles.tools}>
            <Tooltip label={t('palette.open')}>
              <ActionIcon onClick={() => setAsked((count) => count + 1)} aria-label={t('palette.open')}>
                <IconSearch size={18} stroke={1.7} />
              </ActionIcon>
            </Tooltip>
            <ThemeMenu />
            <Tooltip label={t('shell.keys')}>
              <ActionIcon onClick={openKeys} aria-label={t('shell.keys')}>
                <IconKeyboard size={18} stroke={1.7} />
              </ActionIcon>
            </Tooltip>
          </div>
        </div>
      </nav>
      <main ref={main} className={styles.main} tabIndex={-1}>
        {children}
      </main>
      <KeyboardMap opened={keys} onClose={closeKeys} />
      {asked ? (
        <Suspense fallback={null}>
          <Palette key={asked} />
        </Suspense>
      ) : null}
    </div>
  )
}

function ConnectionNotice() {
  const { t } = useTranslation()
  const state = useSyncExternalStore(connection.subscribe, connection.get)
  if (state !== 'lost') return null
  return (
    <div className={styles.lost} role="status" title={t('shell.lostHelp')}>
      <IconPlugConnectedX size={16} aria-hidden="true" />
      <span className={styles.wide}>{t('shell.lost')}</span>
    </div>
  )
}

const SCHEMES = [
  { value: 'light', icon: IconSun },
  { value: 'dark', icon: IconMoon },
  { value: 'auto', icon: IconDeviceDesktop },
] as const satisfies readonly { value: MantineColorScheme; icon: typeof IconSun }[]

function ThemeMenu() {
  const { t } = useTranslation()
  const { colorScheme, setColorScheme } = useMantineColorScheme()
  const Current = SCHEMES.find((s) => s.value === colorScheme)?.icon ?? IconDeviceDesktop
  return (
    <Menu position="right-end">
      <Menu.Target>
        <ActionIcon aria-label={t('shell.theme')} title={t('shell.theme')}>
          <Current size={18} stroke={1.7} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        {SCHEMES.map(({ value, icon: Icon }) => (
          <Menu.Item
            key={value}
            leftSection={<Icon size={15} />}
            aria-current={value === colorScheme || undefined}
            onClick={() => setColorScheme(value)}
          >
            {t(`shell.scheme.${value}`)}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  )
}
