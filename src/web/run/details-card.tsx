import { useTranslation } from 'react-i18next';
import type { RunSummary } from '../../contract/run.ts';
import { webCapability } from '../capabilities.ts';
import { exactTime, shortTime } from '../format/time.ts';
import type { Texts } from '../locales/texts.ts';
import { Card } from '../parts/card.tsx';
import { CopyButton } from '../parts/copy-button.tsx';
import { starterOf } from '../runs/run-words.ts';
import { Fact, Facts } from './fact.tsx';
import type { RunMoment } from './run-follower.ts';

interface DetailsCardProps {
  readonly run: RunSummary;
  readonly moment: RunMoment;
  readonly nameOf: (id: string) => string;
}

/** Who, where, when, and the ids. */
export function DetailsCard({ run, moment, nameOf }: DetailsCardProps) {
  const { t } = useTranslation() as unknown as { t: Texts };
  const { view } = moment;
  const worker = view.worker ?? run.worker;
  const attempt = Math.max(view.attempt, run.attempt);
  return (
    <Card title={t('run:details.title')}>
      <Facts>
        <Fact name={t('run:details.capability')}>
          {webCapability(run.capability)?.kind(t) ?? run.capability}
        </Fact>
        {run.repository !== null && <Fact name={t('run:details.repository')}>{run.repository}</Fact>}
        <Fact name={t('run:details.trigger')}>
          <bdi title={starterOf(run, t, nameOf)}>{starterOf(run, t, nameOf)}</bdi>
        </Fact>
        <Fact name={t('run:details.priority')}>{t(`run:priority.${view.priority ?? run.priority}`)}</Fact>
        {worker !== null && (
          <Fact mono name={t('run:details.worker')}>
            <span title={worker}>{shortId(worker)}</span>
          </Fact>
        )}
        <Fact mono name={t('run:details.attempt')}>
          {attempt}
        </Fact>
        <Moment name={t('run:details.created')} at={run.createdAt} />
        <Moment name={t('run:details.started')} at={run.startedAt} />
        <Moment name={t('run:details.finished')} at={run.finishedAt} />
        <Fact mono name={t('run:details.id')}>
          <span title={run.id}>{shortId(run.id)}</span>
          <CopyButton text={run.id} what={t('run:details.idName')} />
        </Fact>
      </Facts>
    </Card>
  );
}

function Moment({ name, at }: { name: string; at: string | null }) {
  if (at === null) return null;
  return (
    <Fact mono name={name}>
      <time dateTime={at} title={exactTime(at)}>
        {shortTime(at)}
      </time>
    </Fact>
  );
}

function shortId(id: string): string {
  return id.length > 20 ? `${id.slice(0, 8)}…${id.slice(-6)}` : id;
}
