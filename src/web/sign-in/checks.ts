import { passwordGap } from '../../contract/password.ts';
import type { Check } from '../parts/use-fields.ts';
import type { Texts } from '../locales/texts.ts';

const longestName = 100;

/** What is wrong with what somebody types of themselves; the server has the last word. */
export function accountChecks(t: Texts): Record<'name' | 'email' | 'password' | 'typed', Check> {
  return {
    name: (value) => {
      const length = [...value.trim()].length;
      if (length === 0) return t('signIn:check.name');
      return length > longestName ? t('signIn:check.nameLong', { count: length - longestName }) : undefined;
    },
    email: (value) => {
      if (value.trim() === '') return t('signIn:check.emailEmpty');
      return /^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(value.trim()) ? undefined : t('signIn:check.email');
    },
    password: (value) => {
      const gap = passwordGap(value);
      if (gap > 0) return t('signIn:check.short', { length: value.length, count: gap });
      return gap < 0 ? t('signIn:check.long', { count: -gap }) : undefined;
    },
    typed: (value) => (value === '' ? t('signIn:check.passwordEmpty') : undefined),
  };
}
