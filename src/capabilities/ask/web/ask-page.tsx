import { useTranslation } from 'react-i18next';
import { useMay } from '../../../web/api/me.ts';
import { Page } from '../../../web/parts/page.tsx';
import AskForm from './ask-form.tsx';
import classes from './ask.module.css';
import { LatestQuestions } from './latest-questions.tsx';

/** Ask about a repository, and see what was asked. */
export default function AskPage() {
  const { t } = useTranslation('ask');
  const may = useMay('member');
  return (
    <Page title={t('title')} lead={t('lead')} width="reading">
      <div className={classes.page}>
        {may && <AskForm />}
        <LatestQuestions />
      </div>
    </Page>
  );
}
