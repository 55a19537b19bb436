import { Button } from '@mantine/core';
import { Link, useNavigate, useParams } from '@tanstack/react-router';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { inert } from '../../base/inert.ts';
import type { Repository } from '../../contract/repository.ts';
import { remove } from '../api/client.ts';
import { useMay } from '../api/me.ts';
import { CodeText } from '../parts/code-text.tsx';
import { Confirm } from '../parts/confirm.tsx';
import { ErrorPanel } from '../parts/error-panel.tsx';
import { Page } from '../parts/page.tsx';
import { SkeletonRows } from '../parts/skeleton-rows.tsx';
import { toast } from '../parts/toast.ts';
import { BranchesCard } from './branches-card.tsx';
import { DetailsCard } from './details-card.tsx';
import { repositoryPath, useRepository } from './repository-queries.ts';
import { RepositoryRuns } from './repository-runs.tsx';
import { RepositoryState } from './repository-state.tsx';
import classes from './repositories.module.css';
import { TokenDrawer } from './token-drawer.tsx';
import { useCheck } from './use-check.ts';

/** `/repositories/$repository`: whether it can be used, its branches, and the runs on it. */
export default function RepositoryPage() {
  const { t } = useTranslation('repositories');
  const { repository: name = '' } = useParams({ strict: false }) as { readonly repository?: string };
  const { data, error, refetch } = useRepository(name);
  const mayRead = useMay('member');
  const crumbs = <Link to="/repositories">{t('title')}</Link>;
  if (!data) {
    return (
      <Page title={inert(name)} crumbs={crumbs}>
        {error ? <ErrorPanel error={error} onRetry={() => void refetch()} /> : <SkeletonRows />}
      </Page>
    );
  }
  return (
    <Page
      title={data.name}
      crumbs={crumbs}
      lead={
        <>
          <RepositoryState status={data.status} chip />
          <span>
            {data.problem === null ? t(`auths.${data.auth}`) : <CodeText text={inert(data.problem)} />}
          </span>
        </>
      }
      actions={<Actions repository={data} />}
    >
      <div className={classes.columns}>
        <div className={classes.main}>
          <RepositoryRuns name={data.name} />
          {mayRead && <BranchesCard repository={data} />}
        </div>
        <DetailsCard repository={data} />
      </div>
    </Page>
  );
}

function Actions({ repository }: { repository: Repository }) {
  const { t } = useTranslation('repositories');
  const { name, webUrl, forge } = repository;
  const check = useCheck(name);
  const [mayCheck, mayRemove] = [useMay('member'), useMay('admin')];
  const [removing, setRemoving] = useState(false);
  const [replacing, setReplacing] = useState(false);
  const queries = useQueryClient();
  const navigate = useNavigate();
  const confirm = async () => {
    await remove(repositoryPath(name));
    toast(t('removed', { name }));
    await navigate({ to: '/repositories' });
    await queries.invalidateQueries({ queryKey: ['repositories'] });
  };
  return (
    <>
      {webUrl !== null && /^https?:/.test(webUrl) && (
        <Button component="a" href={webUrl} target="_blank" rel="noreferrer" variant="default">
          {t('open', { forge: t(`forges.${forge}`) })}
        </Button>
      )}
      {mayCheck && (
        <Button variant="default" loading={check.isPending} onClick={() => check.mutate()}>
          {t('check')}
        </Button>
      )}
      {mayRemove && /^https?:/.test(repository.url) && (
        <Button variant="default" onClick={() => setReplacing(true)}>
          {t('replaceToken')}
        </Button>
      )}
      {mayRemove && (
        <Button variant="subtle" color="bad" onClick={() => setRemoving(true)}>
          {t('remove')}
        </Button>
      )}
      <TokenDrawer name={name} opened={replacing} onClose={() => setReplacing(false)} />
      <Confirm
        opened={removing}
        onClose={() => setRemoving(false)}
        title={t('removeTitle', { name })}
        text={t('removeText')}
        action={t('remove')}
        keep={t('removeKeep')}
        typed={{ label: t('removeTyped', { name }), value: name }}
        onConfirm={confirm}
      />
    </>
  );
}
