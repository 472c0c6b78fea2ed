import { Button, Textarea } from '@mantine/core'
import { IconCheck, IconRotate, IconX } from '@tabler/icons-react'
import { useMutation } from '@tanstack/react-query'
import { useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useHotkeys } from '@mantine/hooks'
import type { Match } from '../../../main/contract/matching.ts'
import { api, queryClient } from '../../client.ts'
import { notifyDone, notifyFailure } from '../../components/notify.ts'
import { instant } from '../../text/format.ts'
import styles from './match.module.css'

/** Accepting makes the relation; rejecting is remembered and needs a reason; either can be taken back. */
export function Decision({ match }: { readonly match: Match }) {
  const { t } = useTranslation()
  const [reason, setReason] = useState('')
  const [missing, setMissing] = useState(false)
  const field = useRef<HTMLTextAreaElement>(null)
  const decide = useMutation(
    api.matching.decide.mutationOptions({
      onSuccess(decided, { decision }) {
        queryClient.setQueryData(api.matching.get.queryKey({ input: { id: decided.id } }), decided)
        setReason('')
        notifyDone(t(`match.decision.done.${decision}`))
      },
      onError: notifyFailure,
    }),
  )
  const { id, state } = match
  const accept = (): void => {
    if (state === 'open' && !decide.isPending) decide.mutate({ id, decision: 'accept', reason })
  }
  const reject = (): void => {
    if (state !== 'open' || decide.isPending) return
    if (reason.trim()) return decide.mutate({ id, decision: 'reject', reason })
    setMissing(true)
    field.current?.focus()
  }
  useHotkeys([
    ['a', accept],
    ['x', reject],
  ])
  return (
    <section className={styles.panel} aria-labelledby="decision-title">
      <header className={styles.panelHead}>
        <h2 id="decision-title">{t('match.decision.title')}</h2>
      </header>
      {state === 'open' ? (
        <>
          <Textarea
            ref={field}
            label={t('match.decision.reason')}
            autosize
            minRows={1}
            maxRows={5}
            value={reason}
            maxLength={500}
            error={missing && !reason.trim() ? t('match.decision.reasonNeeded') : undefined}
            onChange={({ currentTarget }) => setReason(currentTarget.value)}
          />
          <div className={styles.decide}>
            <Button leftSection={<IconCheck size={15} />} loading={decide.isPending} onClick={accept}>
              {t('match.decision.accept')}
            </Button>
            <Button variant="default" leftSection={<IconX size={15} />} disabled={decide.isPending} onClick={reject}>
              {t('match.decision.reject')}
            </Button>
          </div>
          <p className={styles.dim}>{t('match.decision.acceptHelp')}</p>
        </>
      ) : (
        <div className={styles.decided} data-state={state}>
          <strong>{t(`match.decision.${state}`)}</strong>
          {match.reason ? <p className="untrusted">{match.reason}</p> : null}
          <span className={styles.dim}>
            {t('match.decision.by', { actor: match.actor, at: match.decidedAt ? instant(match.decidedAt) : '' })}
          </span>
          <Button
            variant="default"
            size="compact-sm"
            leftSection={<IconRotate size={14} />}
            loading={decide.isPending}
            onClick={() => decide.mutate({ id, decision: 'reopen' })}
          >
            {t('match.decision.reopen')}
          </Button>
        </div>
      )}
    </section>
  )
}
