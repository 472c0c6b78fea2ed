import { Button, Checkbox, Select, Textarea, TextInput } from '@mantine/core'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useState, type FormEvent } from 'react'
import { useTranslation } from 'react-i18next'
import type { Task } from '../../../main/contract/tradecraft.ts'
import { api } from '../../client.ts'
import { ErrorNotice } from '../../components/error-notice.tsx'
import { Loaded } from '../../components/loaded.tsx'
import { notifyFailure } from '../../components/notify.ts'
import { Panel } from '../../components/panel.tsx'
import { recordsChanged } from '../records/changed.tsx'
import { DatedText } from '../records/value-text.tsx'
import styles from './hypotheses.module.css'

/** What is not known yet and what is to be done, each with the answer once there is one. */
export function Tasks({ caseId }: { readonly caseId: string }) {
  const { t } = useTranslation()
  const tasks = useQuery(api.tradecraft.tasks.queryOptions({ input: { caseId } }))
  return (
    <Panel title={t('tasks.title')}>
      <Loaded query={tasks}>
        {(list) => (
          <>
            {list.length ? (
              <ul className={styles.tasks}>
                {[...list]
                  .sort((a, b) => Number(a.state !== 'open') - Number(b.state !== 'open'))
                  .map((task) => (
                    <OneTask key={task.id} task={task} />
                  ))}
              </ul>
            ) : (
              <p className={styles.dim}>{t('tasks.empty')}</p>
            )}
            <NewTask caseId={caseId} />
          </>
        )}
      </Loaded>
    </Panel>
  )
}

function OneTask({ task }: { readonly task: Task }) {
  const { t } = useTranslation()
  const [answer, setAnswer] = useState<string | null>(null)
  const update = useMutation(
    api.tradecraft.updateTask.mutationOptions({ onSuccess: recordsChanged, onError: notifyFailure }),
  )
  const change = (next: Partial<Pick<Task, 'state' | 'answer'>>): void =>
    update.mutate({ id: task.id, revision: task.revision, task: next })
  const done = task.state !== 'open'
  return (
    <li data-done={done || undefined}>
      <Checkbox
        size="xs"
        label={<span dir="auto">{task.text}</span>}
        description={
          <>
            {t(`tasks.kind.${task.kind}`)}
            {task.assignee ? (
              <>
                {' · '}
                <bdi>{task.assignee}</bdi>
              </>
            ) : null}
            {task.due ? (
              <>
                {' · '}
                {t('tasks.due')} <DatedText value={task.due} />
              </>
            ) : null}
          </>
        }
        checked={done}
        disabled={update.isPending}
        onChange={(event) => change({ state: event.currentTarget.checked ? 'done' : 'open' })}
      />
      {task.answer && answer === null ? (
        <p className={styles.answer} dir="auto">
          {task.answer}
        </p>
      ) : null}
      {answer === null ? (
        <Button
          variant="subtle"
          size="compact-xs"
          aria-label={t('tasks.answerNamed', { text: task.text })}
          onClick={() => setAnswer(task.answer)}
        >
          {t(task.answer ? 'tasks.changeAnswer' : 'tasks.answer')}
        </Button>
      ) : (
        <form
          className={styles.inline}
          onSubmit={(event) => {
            event.preventDefault()
            change({ answer })
            setAnswer(null)
          }}
        >
          <Textarea
            aria-label={t('tasks.answer')}
            value={answer}
            onChange={(event) => setAnswer(event.currentTarget.value)}
            autosize
            dir="auto"
          />
          <Button type="submit" size="compact-sm">
            {t('records.save')}
          </Button>
        </form>
      )}
    </li>
  )
}

function NewTask({ caseId }: { readonly caseId: string }) {
  const { t } = useTranslation()
  const [text, setText] = useState('')
  const [kind, setKind] = useState<Task['kind']>('question')
  const add = useMutation(
    api.tradecraft.addTask.mutationOptions({
      async onSuccess() {
        setText('')
        await recordsChanged()
      },
    }),
  )
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    add.mutate({ caseId, task: { text, kind } })
  }
  return (
    <form onSubmit={submit} className={styles.inline}>
      <Select
        aria-label={t('tasks.kindLabel')}
        data={(['question', 'task'] as const).map((value) => ({ value, label: t(`tasks.kind.${value}`) }))}
        value={kind}
        onChange={(next) => setKind((next ?? 'question') as Task['kind'])}
        allowDeselect={false}
        w={120}
      />
      <TextInput
        aria-label={t('tasks.text')}
        placeholder={t('tasks.placeholder')}
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
        maxLength={500}
        dir="auto"
      />
      <Button type="submit" disabled={!text.trim()} loading={add.isPending}>
        {t('tasks.add')}
      </Button>
      {add.error ? <ErrorNotice error={add.error} compact /> : null}
    </form>
  )
}
