import { notifications } from '@mantine/notifications'
import { shown } from '../failure.ts'
import { t } from '../text/i18n.ts'

/** Says that something was done. */
export function notifyDone(message: string): void {
  notifications.show({
    message,
    autoClose: 4000,
    withBorder: true,
    closeButtonProps: { 'aria-label': t('common.close') },
  })
}

/** Says that something failed and what to do; stays until closed. Fits `onError` of a mutation. */
export function notifyFailure(error: unknown): void {
  const { message, remedy, detail, code } = shown(error, t)
  notifications.show({
    title: message,
    message: [detail, remedy, `(${code})`].filter(Boolean).join(' '),
    color: 'red',
    autoClose: false,
    withBorder: true,
    role: 'alert',
    closeButtonProps: { 'aria-label': t('common.close') },
  })
}
