import { useQuery } from '@tanstack/react-query'
import { useCallback } from 'react'
import { useTranslation } from 'react-i18next'
import { useLocation } from 'wouter'
import { api } from './client.ts'
import styles from './drop-overlay.module.css'
import { useWindowDrop } from './views/intake/drop.ts'

/** Makes the whole window a place to drop videos on, whatever screen it shows. */
export function DropOverlay() {
  const { t } = useTranslation()
  const [, navigate] = useLocation()
  const library = useQuery(api.library.state.queryOptions())
  const toIntake = useCallback(() => navigate('/intake'), [navigate])
  const over = useWindowDrop(Boolean(library.data?.open), toIntake)
  return over ? <div className={styles.overlay}>{t('intake.release')}</div> : null
}
