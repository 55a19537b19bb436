import i18next, { type TFunction } from 'i18next';
import { initReactI18next } from 'react-i18next';
import { en } from './en.ts';

declare module 'i18next' {
  interface CustomTypeOptions {
    defaultNS: 'shell';
    resources: typeof en;
  }
}

/** Loads the texts. React escapes what is put into them. */
export function startTexts(): void {
  void i18next.use(initReactI18next).init({
    lng: 'en',
    fallbackLng: 'en',
    resources: { en },
    defaultNS: 'shell',
    interpolation: { escapeValue: false },
    initAsync: false,
  });
}

/** Gives any text of the catalogue: `t('playground:nav')`. */
export type Texts = TFunction<['shell', ...Exclude<keyof typeof en, 'shell'>[]]>;
