import { Button } from '@mantine/core'
import { IconVideoOff } from '@tabler/icons-react'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api } from '../../client.ts'
import { EmptyState } from '../../components/empty-state.tsx'
import { Loaded } from '../../components/loaded.tsx'
import { notifyFailure } from '../../components/notify.ts'
import { ProgressLine } from '../../components/progress-line.tsx'
import { jobFraction, jobWords } from '../../text/job.ts'
import styles from './bench.module.css'
import type { PlacedSegment } from './region-overlay.tsx'
import { Stage } from './stage.tsx'
import type { Transport } from './transport.ts'
import type { Zoom } from './zoom.ts'

interface Props {
  readonly evidenceId: string
  readonly transport: Transport
  readonly segments: readonly PlacedSegment[]
  readonly zoom: Zoom
  readonly onZoom: (zoom: Zoom) => void
  readonly magnifier: boolean
}

/** Plays the original, or the copy made for viewing; says which, and why. */
export function Player({ evidenceId, ...stage }: Props) {
  const { t } = useTranslation()
  const playback = useQuery(api.media.playback.queryOptions({ input: { evidenceId } }))
  const jobs = useQuery(api.jobs.list.queryOptions({ input: { evidenceId } }))
  const retry = useMutation(
    api.jobs.retry.mutationOptions({ onSuccess: () => playback.refetch(), onError: notifyFailure }),
  )
  const [broken, setBroken] = useState<string | null>(null)
  return (
    <div className={styles.player} data-surround="dark">
      <Loaded query={playback}>
        {({ state, via, url, reason }) => {
          const working = jobs.data?.find(
            ({ kind, state: at }) =>
              kind === (via === 'proxy' ? 'proxy' : 'triage') && (at === 'running' || at === 'queued'),
          )
          const ended = jobs.data?.find(
            ({ kind, state: at }) => kind === 'proxy' && (at === 'failed' || at === 'cancelled'),
          )
          if (state === 'ready' && url && broken !== url)
            return (
              <>
                <Stage url={url} onBroken={() => setBroken(url)} {...stage} />
                {via === 'proxy' ? (
                  <p className={styles.via} title={reason}>
                    {t('player.proxy')}
                  </p>
                ) : null}
              </>
            )
          if (state === 'preparing')
            return (
              <div className={styles.preparing}>
                <p>{reason}</p>
                <div className={styles.preparingBar}>
                  <ProgressLine
                    fraction={working ? jobFraction(working) : null}
                    label={working ? jobWords(working, t) : t('player.preparing')}
                    secondsLeft={working?.secondsLeft}
                  />
                </div>
              </div>
            )
          return (
            <EmptyState
              icon={<IconVideoOff size={36} stroke={1.3} />}
              title={t('player.unavailable')}
              action={
                ended ? (
                  <Button variant="default" loading={retry.isPending} onClick={() => retry.mutate({ ids: [ended.id] })}>
                    {t('common.retry')}
                  </Button>
                ) : null
              }
            >
              {broken ? t('player.broken') : reason}
            </EmptyState>
          )
        }}
      </Loaded>
    </div>
  )
}
