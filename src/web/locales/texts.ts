import i18next, { type TFunction } from 'i18next';
import { initReactI18next } from 'react-i18next';
import type { en } from './en.ts';

declare module 'i18next' {
  interface CustomTypeOptions {
    defaultNS: 'shell';
    resources: typeof en;
  }
}

// React escapes what is put into texts.
void i18next.use(initReactI18next).init({
  lng: 'en',
  fallbackLng: 'en',
  resources: {},
  defaultNS: 'shell',
  interpolation: { escapeValue: false },
  initAsync: false,
});

/**
 * Makes an area's texts known. The build calls it for every module that shows some (`vite.config.ts`).
 * @public
 */
export function addTexts(area: string, texts: object): void {
  i18next.addResourceBundle('en', area, texts, false, true);
}

/** Gives any text of the catalogue: `t('playground:nav')`. */
export type Texts = TFunction<['shell', ...Exclude<keyof typeof en, 'shell'>[]]>;
