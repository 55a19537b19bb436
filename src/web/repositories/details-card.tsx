import { useTranslation } from 'react-i18next';
import { inert } from '../../base/inert.ts';
import type { Repository } from '../../contract/repository.ts';
import { useNames } from '../api/names.ts';
import { Ago } from '../parts/ago.tsx';
import { Card } from '../parts/card.tsx';
import { Fact, Facts } from '../run/fact.tsx';
import classes from './repositories.module.css';

export function DetailsCard({ repository }: { repository: Repository }) {
  const { t } = useTranslation('repositories');
  const { forge, url, defaultBranch, isPrivate, auth, checkedAt, createdAt, createdBy } = repository;
  const nameOf = useNames([createdBy]);
  return (
    <Card title={t('details')}>
      <Facts>
        <Fact name={t('forge')}>{t(`forges.${forge}`)}</Fact>
        <Fact name={t('access')}>{t(`auths.${auth}`)}</Fact>
        <Fact name={t('visibility')}>{t(isPrivate ? 'private' : 'public')}</Fact>
        <Fact name={t('branch')} mono>
          {defaultBranch === null ? '–' : inert(defaultBranch)}
        </Fact>
        <Fact name={t('checked')}>
          <Ago at={checkedAt} />
        </Fact>
        <Fact name={t('connected')}>
          <Ago at={createdAt} />
          {createdBy !== null && <bdi> · {nameOf(createdBy)}</bdi>}
        </Fact>
        <Fact name={t('address')} mono>
          <span className={classes.address}>{inert(url)}</span>
        </Fact>
      </Facts>
    </Card>
  );
}
