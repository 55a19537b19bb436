import { Button } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { inert } from '../../base/inert.ts';
import type { Repository } from '../../contract/repository.ts';
import { useMay } from '../api/me.ts';
import { Ago } from '../parts/ago.tsx';
import { CodeText } from '../parts/code-text.tsx';
import { RepositoryState } from './repository-state.tsx';
import { repositoryPath } from './repository-queries.ts';
import classes from './repositories.module.css';
import { useCheck } from './use-check.ts';

export function RepositoryRow({ repository }: { repository: Repository }) {
  const { t } = useTranslation('repositories');
  const mayCheck = useMay('member');
  const check = useCheck(repository.name);
  const { name, forge, status, problem, auth, defaultBranch, checkedAt } = repository;
  return (
    <tr>
      <td className={classes.repository}>
        <div className={classes.name}>
          <Link to={repositoryPath(name)}>
            <bdi>{name}</bdi>
          </Link>
        </div>
        <div className={classes.about}>
          {t(`forges.${forge}`)} · {t(repository.isPrivate ? 'private' : 'public')}
        </div>
      </td>
      <td className={classes.state}>
        <RepositoryState status={status} />
        {problem !== null && (
          <p className={classes.problem}>
            <CodeText text={inert(problem)} />
          </p>
        )}
        {check.error && <p className={classes.problem}>{check.error.message}</p>}
      </td>
      <td data-label={t('access')}>{t(`auths.${auth}`)}</td>
      <td data-label={t('branch')}>
        <code>{defaultBranch === null ? '–' : inert(defaultBranch)}</code>
      </td>
      <td data-label={t('checked')}>
        <Ago at={checkedAt} />
      </td>
      <td data-actions="">
        {mayCheck && (
          <Button
            size="compact-sm"
            variant="default"
            loading={check.isPending}
            aria-label={t('checkOf', { name })}
            onClick={() => check.mutate()}
          >
            {t('check')}
          </Button>
        )}
      </td>
    </tr>
  );
}
