import { IconAlertTriangle, IconCheck } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { api } from '../../client.ts'
import { Hash } from '../../components/hash.tsx'
import { Loaded } from '../../components/loaded.tsx'
import { Panel } from '../../components/panel.tsx'
import styles from './start.module.css'

/** Whether this machine can do the work: the decoder, the models, and the versions a finding depends on. */
export function HealthPanel() {
  const { t } = useTranslation()
  const health = useQuery(api.library.health.queryOptions())
  return (
    <Panel title={t('health.title')}>
      <Loaded query={health}>
        {({ ffmpeg, models, version, node, components }) => (
          <div className={styles.health}>
            {ffmpeg ? (
              <Line ok={!ffmpeg.notice}>
                <strong>ffmpeg {ffmpeg.version}</strong> <span className={styles.rowDim}>{ffmpeg.path}</span>
                {ffmpeg.notice ? <span>{ffmpeg.notice}</span> : null}
              </Line>
            ) : (
              <Line ok={false}>
                <strong>{t('health.noFfmpeg')}</strong> <span>{t('health.noFfmpegHelp')}</span>
              </Line>
            )}
            {models.map((model) => (
              <Line key={model.id} ok={model.ok}>
                <strong>
                  {model.id} {model.version}
                </strong>{' '}
                <Hash value={model.sha256} />
                {model.ok ? null : <span> {model.detail}</span>}
              </Line>
            ))}
            {models.length ? null : <Line ok={false}>{t('health.noModels')}</Line>}
            <p className={styles.rowDim} style={{ whiteSpace: 'normal' }}>
              {t('health.versions', { version, node })}{' '}
              {components.map((component) => `${component.name} ${component.version}`).join(', ')}
            </p>
          </div>
        )}
      </Loaded>
    </Panel>
  )
}

function Line({ ok, children }: { readonly ok: boolean; readonly children: ReactNode }) {
  const { t } = useTranslation()
  const Icon = ok ? IconCheck : IconAlertTriangle
  return (
    <div className={styles.healthRow} data-bad={!ok || undefined}>
      <Icon size={16} aria-label={ok ? t('health.ok') : t('health.attention')} role="img" />
      <div>{children}</div>
    </div>
  )
}
