import { useTranslation } from 'react-i18next';
import { Page } from '../parts/page.tsx';

/** Where work begins. */
export default function StartPage() {
  const { t } = useTranslation('start');
  return (
    <Page title={t('title')} tabTitle="Gantry" width="reading">
      {null}
    </Page>
  );
}
