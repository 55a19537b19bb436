import { Button } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { inertLines } from '../../base/inert.ts';
import type { InboxItem } from '../../contract/inbox.ts';
import { Ago } from '../parts/ago.tsx';
import { Card } from '../parts/card.tsx';
import { itemWords } from './item-words.ts';
import { KindIcon } from './kind-icon.tsx';
import classes from './inbox-page.module.css';

/** What happened to a run, why, and what to do about it. */
export function Information({ item, actions }: { item: InboxItem; actions: ReactNode }) {
  const { t } = useTranslation('inbox');
  const { headline } = itemWords(item, t);
  const title = (
    <span className={classes.infoTitle}>
      <KindIcon kind={item.kind} />
      <span dir="auto">{headline}</span>
    </span>
  );
  const footer = (
    <div className={classes.buttons}>
      <Button component={Link} to={`/runs/${item.runId}`}>
        {t('openRun')}
      </Button>
      {actions}
    </div>
  );
  return (
    <Card title={title} footer={footer} {...(item.kind !== 'succeeded' && { tone: 'bad' })}>
      <div className={classes.information}>
        <p className={classes.meta}>
          {item.kind === 'question' || item.count === 1 ? '' : `${t('times', { count: item.count })}, `}
          <Ago at={item.lastAt} />
        </p>
        {item.headline !== '' && (
          <p className={classes.reason} dir="auto">
            {inertLines(item.headline)}
          </p>
        )}
        {item.code !== null && <code>{item.code}</code>}
        {item.kind !== 'question' && <p>{t(`whatNow.${item.kind}`)}</p>}
      </div>
    </Card>
  );
}
