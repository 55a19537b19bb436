import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { EmptyState } from '../../../../web/parts/empty-state.tsx';
import { ErrorPanel } from '../../../../web/parts/error-panel.tsx';
import { useModels } from '../../../../web/models/model-queries.ts';
import { useRepositories } from '../../../../web/repositories/repository-queries.ts';
import { isScripted } from './scripted.ts';
import { SessionFields } from './session-fields.tsx';

/** A goal, a repository, and go; or what is missing for that. */
export default function SessionForm() {
  const { t } = useTranslation('sessions');
  const repositories = useRepositories();
  const models = useModels().data;
  const names = (repositories.data?.items ?? []).map(({ name }) => name);
  if (repositories.data && names.length === 0) {
    return (
      <EmptyState
        title={t('noRepositories.title')}
        text={t('noRepositories.text')}
        actions={<Link to="/repositories">{t('noRepositories.action')}</Link>}
        command="gantry repos add https://github.com/acme/shop"
      />
    );
  }
  if (models?.default === null && models.items.every(({ model }) => isScripted(model))) {
    return (
      <EmptyState
        title={t('noModel.title')}
        text={t('noModel.text')}
        actions={<Link to="/models">{t('noModel.action')}</Link>}
      />
    );
  }
  return (
    <>
      {repositories.error && <ErrorPanel error={repositories.error} />}
      <SessionFields names={names} />
    </>
  );
}
