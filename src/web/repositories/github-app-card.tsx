import { Button } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { inert } from '../../base/inert.ts';
import type { GitHubAppState } from '../../contract/repository.ts';
import { queryText, remove } from '../api/client.ts';
import { Card } from '../parts/card.tsx';
import { Confirm } from '../parts/confirm.tsx';
import { ErrorPanel } from '../parts/error-panel.tsx';
import { TextField } from '../parts/text-field.tsx';
import { toast } from '../parts/toast.ts';
import classes from './repositories.module.css';
import { useGitHubApp } from './use-github-app.ts';

/** The GitHub App of this server: made here once, then installed at GitHub on the repositories that it may see. */
export function GitHubAppCard() {
  const { t } = useTranslation('repositories');
  const { app, error, refetch } = useGitHubApp();
  return (
    <Card title={t('app.title')}>
      {error && <ErrorPanel error={error} onRetry={refetch} />}
      {app && (
        <div className={classes.app}>
          <p>{t('app.text')}</p>
          {app.from === null && <MakeApp />}
          {app.from === 'settings' && <p>{t('app.configured')}</p>}
          {app.from === 'form' && <MadeApp app={app} />}
        </div>
      )}
    </Card>
  );
}

function MakeApp() {
  const { t } = useTranslation('repositories');
  const [organization, setOrganization] = useState('');
  const form = `/api/v1/github-app/form${queryText({ organization: organization.trim() })}`;
  return (
    <>
      <TextField
        className={classes.organization}
        label={t('app.organization')}
        description={t('app.organizationHint')}
        autoComplete="off"
        value={organization}
        onChange={(event) => setOrganization(event.currentTarget.value)}
      />
      <div className={classes.buttons}>
        <Button component="a" href={form} variant="default">
          {t('app.create')}
        </Button>
        <span className={classes.note}>{t('app.next')}</span>
      </div>
    </>
  );
}

function MadeApp({ app }: { app: GitHubAppState }) {
  const { t } = useTranslation('repositories');
  const queries = useQueryClient();
  const [asking, setAsking] = useState(false);
  const confirm = async () => {
    await remove('/github-app');
    toast(t('app.forgotten'));
    await queries.invalidateQueries({ queryKey: ['github-app'] });
  };
  return (
    <>
      <p>{t('app.made', { name: inert(app.name ?? '') })}</p>
      <div className={classes.buttons}>
        {app.installUrl !== null && (
          <Button component="a" href={app.installUrl} target="_blank" rel="noreferrer" variant="default">
            {t('app.install')}
          </Button>
        )}
        <Button variant="subtle" color="bad" onClick={() => setAsking(true)}>
          {t('app.forget')}
        </Button>
      </div>
      <Confirm
        opened={asking}
        onClose={() => setAsking(false)}
        title={t('app.forgetTitle')}
        text={t('app.forgetText')}
        action={t('app.forget')}
        keep={t('app.forgetKeep')}
        onConfirm={confirm}
      />
    </>
  );
}
