import { useQuery } from '@tanstack/react-query'
import { useCallback } from 'react'
import { useTranslation } from 'react-i18next'
import { useLocation } from 'wouter'
import { api } from './client.ts'
import styles from './drop-overlay.module.css'
import { takeExchangeFiles } from './views/exchange/importing.ts'
import { useWindowDrop } from './views/intake/drop.ts'
import { takeFiles } from './views/intake/uploads.ts'
import { takeModel } from './views/models/adding.ts'

/** Makes the whole window a place to drop videos on, whatever screen it shows; on the Models screen, a model; on that of importing, a bundle. */
export function DropOverlay() {
  const { t } = useTranslation()
  const [location, navigate] = useLocation()
  const toModels = location.startsWith('/models')
  const toExchange = /^\/(cases\/[^/]+\/)?exchange/.test(location)
  const library = useQuery(api.library.state.queryOptions())
  const show = useCallback(() => {
    if (!toExchange) navigate(toModels ? '/models' : '/intake')
  }, [navigate, toModels, toExchange])
  const take = toExchange ? takeExchangeFiles : toModels ? takeModel : takeFiles
  const over = useWindowDrop(Boolean(library.data?.open), show, take)
  const words = t(toExchange ? 'exchange.release' : toModels ? 'models.release' : 'intake.release')
  return over ? <div className={styles.overlay}>{words}</div> : null
}
