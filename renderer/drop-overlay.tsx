import { useQuery } from '@tanstack/react-query'
import { useCallback } from 'react'
import { useTranslation } from 'react-i18next'
import { useLocation } from 'wouter'
import { api } from './client.ts'
import styles from './drop-overlay.module.css'
import { useWindowDrop } from './views/intake/drop.ts'
import { takeFiles } from './views/intake/uploads.ts'
import { takeModel } from './views/models/adding.ts'

/** Makes the whole window a place to drop videos on, whatever screen it shows; on the Models screen, a model. */
export function DropOverlay() {
  const { t } = useTranslation()
  const [location, navigate] = useLocation()
  const toModels = location.startsWith('/models')
  const library = useQuery(api.library.state.queryOptions())
  const show = useCallback(() => navigate(toModels ? '/models' : '/intake'), [navigate, toModels])
  const over = useWindowDrop(Boolean(library.data?.open), show, toModels ? takeModel : takeFiles)
  return over ? <div className={styles.overlay}>{t(toModels ? 'models.release' : 'intake.release')}</div> : null
}
