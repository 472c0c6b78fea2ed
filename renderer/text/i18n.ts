/** All words of the interface. A language is one file beside `en.ts` with the same keys. */
import { createInstance } from 'i18next'
import { initReactI18next } from 'react-i18next'
import { en } from './en.ts'

declare module 'i18next' {
  interface CustomTypeOptions {
    defaultNS: 'translation'
    resources: { translation: typeof en }
    returnNull: false
  }
}

export const i18next = createInstance()

void i18next.use(initReactI18next).init({
  lng: 'en',
  fallbackLng: 'en',
  resources: { en: { translation: en } },
  interpolation: { escapeValue: false },
  initAsync: false,
})

/** For text outside of components; inside, use `useTranslation`. */
export const t = i18next.t.bind(i18next) as typeof i18next.t
