import { useTranslation } from 'react-i18next';
import { Page } from '../../../web/parts/page.tsx';

/** Write a program, run it, see what it does. */
export default function PlaygroundPage() {
  const { t } = useTranslation('playground');
  return <Page title={t('title')}>{null}</Page>;
}
