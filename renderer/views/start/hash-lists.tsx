import { ActionIcon, Button, Loader, TextInput, Tooltip } from '@mantine/core'
import { IconDownload, IconFileImport, IconTrash } from '@tabler/icons-react'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useRef, useState, type FormEvent } from 'react'
import { useTranslation } from 'react-i18next'
import type { HashList } from '../../../main/contract/matching.ts'
import { api, desktop } from '../../client.ts'
import { Confirm } from '../../components/confirm.tsx'
import { ErrorNotice } from '../../components/error-notice.tsx'
import { Loaded } from '../../components/loaded.tsx'
import { notifyDone, notifyFailure } from '../../components/notify.ts'
import { Panel } from '../../components/panel.tsx'
import { sendFile } from '../../upload.ts'
import styles from './start.module.css'

/** Hashes that other desks know: taken in, listed, taken out; and those of this library given out. */
export function HashListsPanel() {
  const { t } = useTranslation()
  const lists = useQuery(api.matching.lists.queryOptions())
  const state = useQuery(api.matching.state.queryOptions()).data
  const [removing, setRemoving] = useState<HashList | null>(null)
  const remove = useMutation(
    api.matching.removeList.mutationOptions({ onSuccess: () => setRemoving(null), onError: notifyFailure }),
  )
  const give = useMutation(
    api.matching.exportFingerprints.mutationOptions({
      onSuccess: ({ hashes, file }) => notifyDone(t('footage.lists.exported', { count: hashes, file })),
      onError: notifyFailure,
    }),
  )
  return (
    <Panel
      title={t('footage.lists.title')}
      actions={
        <Tooltip label={t('footage.lists.exportHelp')}>
          <Button
            size="compact-sm"
            variant="default"
            leftSection={<IconDownload size={14} />}
            loading={give.isPending}
            disabled={!state?.hashes}
            onClick={() => give.mutate({ format: 'exchange-json' })}
          >
            {t('footage.lists.export')}
          </Button>
        </Tooltip>
      }
    >
      <p className={styles.rowDim} style={{ whiteSpace: 'normal' }}>
        {t('footage.lists.help')}
      </p>
      <Import />
      <Loaded query={lists}>
        {(all) => (
          <ul className={styles.rows}>
            {all.map((list) => (
              <li key={list.id} className={styles.row}>
                <div className={styles.rowWords}>
                  <bdi className={styles.rowTitle}>{list.name}</bdi>
                  <span className={styles.rowDim}>
                    {t('footage.lists.hashes', { count: list.entries })}
                    {list.leftOut ? ` · ${t('footage.lists.leftOut', { count: list.leftOut })}` : ''}
                  </span>
                </div>
                <ActionIcon
                  aria-label={t('footage.lists.remove', { name: list.name })}
                  onClick={() => setRemoving(list)}
                >
                  <IconTrash size={15} />
                </ActionIcon>
              </li>
            ))}
          </ul>
        )}
      </Loaded>
      {state?.notice ? <p role="status">{state.notice}</p> : null}
      {state?.pending ? <p className={styles.rowDim}>{t('footage.lists.pending', { count: state.pending })}</p> : null}
      {state?.withoutFingerprint ? (
        <p className={styles.rowDim} style={{ whiteSpace: 'normal' }}>
          {t('footage.lists.without', { count: state.withoutFingerprint })}
        </p>
      ) : null}
      <Confirm
        opened={removing !== null}
        title={t('footage.lists.removeTitle')}
        action={t('footage.lists.removeAction')}
        busy={remove.isPending}
        onConfirm={() => removing && remove.mutate({ id: removing.id })}
        onClose={() => setRemoving(null)}
      >
        <span className="untrusted">{t('footage.lists.removeHelp', { name: removing?.name ?? '' })}</span>
      </Confirm>
    </Panel>
  )
}

function Import() {
  const { t } = useTranslation()
  const input = useRef<HTMLInputElement>(null)
  const [path, setPath] = useState('')
  const [busy, setBusy] = useState<string | null>(null)
  const take = useMutation(
    api.matching.importList.mutationOptions({
      onSuccess: ({ name, entries }) => notifyDone(t('footage.lists.done', { name, count: entries })),
      onSettled: () => setBusy(null),
    }),
  )
  const takePath = (chosen: string): void => {
    setBusy(chosen)
    take.mutate({ file: { path: chosen } })
  }
  const choose = async (): Promise<void> => {
    if (!desktop) return input.current?.click()
    const [chosen] = await desktop.chooseFiles()
    if (chosen) takePath(chosen)
  }
  const send = async (file: File): Promise<void> => {
    setBusy(file.name)
    try {
      take.mutate({ file: { upload: await sendFile(file), name: file.name } })
    } catch (error) {
      setBusy(null)
      notifyFailure(error)
    }
  }
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    takePath(path.trim())
    setPath('')
  }
  return (
    <>
      <form className={styles.importList} onSubmit={submit}>
        <Button
          variant="default"
          leftSection={<IconFileImport size={15} />}
          onClick={() => void choose()}
          disabled={busy !== null}
        >
          {t('footage.lists.choose')}
        </Button>
        <TextInput
          aria-label={t('footage.lists.path')}
          placeholder={t('footage.lists.path')}
          value={path}
          onChange={(event) => setPath(event.currentTarget.value)}
          spellCheck={false}
          dir="ltr"
        />
        <Button type="submit" variant="default" disabled={!path.trim() || busy !== null}>
          {t('footage.lists.add')}
        </Button>
      </form>
      {busy === null ? null : (
        <p role="status" className={styles.busyLine}>
          <Loader size={14} color="var(--accent)" aria-hidden="true" />{' '}
          <span className="untrusted">{t('footage.lists.busy', { name: busy })}</span>
        </p>
      )}
      {take.error ? <ErrorNotice error={take.error} /> : null}
      <input
        ref={input}
        type="file"
        hidden
        data-testid="hash-list"
        aria-label={t('footage.lists.choose')}
        onChange={(event) => {
          const [file] = event.currentTarget.files ?? []
          if (file) void send(file)
          // The same file chosen again is a new choice.
          event.currentTarget.value = ''
        }}
      />
    </>
  )
}
