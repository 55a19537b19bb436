import { useTranslation } from 'react-i18next';
import type { RunSummary } from '../../contract/run.ts';
import { formatBytes } from '../../base/format-bytes.ts';
import { moneyText, shortCountText } from '../format/amount.ts';
import { durationText } from '../format/duration.ts';
import { Card } from '../parts/card.tsx';
import { Meter } from '../parts/meter.tsx';
import { ChangeBudget } from './change-budget.tsx';
import { Elapsed } from './elapsed.tsx';
import { Fact, Facts } from './fact.tsx';
import type { RunMoment } from './run-follower.ts';
import { UsageByRole } from './usage-by-role.tsx';
import classes from './usage-card.module.css';

/** What the run has used, of what it may use. */
export function UsageCard({ run, moment }: { run: RunSummary; moment: RunMoment }) {
  const { t } = useTranslation(['run', 'parts']);
  const asked = moment.view.conversation.spent;
  // The run's own figures come with its end; until then what its models have answered tells.
  const usage = {
    ...(asked.calls > 0 && { usd: asked.usd, tokens: asked.inputTokens + asked.outputTokens }),
    ...(moment.view.usage ?? run.usage),
  };
  const { budget } = run;
  const { times } = moment.view;
  const none = t('parts:unknown');
  const ms = (value: number | undefined) => (value === undefined ? none : durationText(value));
  return (
    <Card title={t(budget ? 'run:usage.budget' : 'run:usage.title')} actions={<ChangeBudget run={run} />}>
      {budget?.usd !== undefined && <Spent run={run} spent={usage.usd ?? 0} limit={budget.usd} />}
      <Facts>
        {budget?.usd === undefined && usage.usd !== undefined && (
          <Fact mono name={t('run:usage.cost')}>
            {moneyText(usage.usd)}
          </Fact>
        )}
        {(usage.tokens !== undefined || budget?.tokens !== undefined) && (
          <Fact mono name={t('run:usage.tokens')}>
            {shortCountText(usage.tokens ?? 0)}
            {budget?.tokens !== undefined &&
              ` ${t('run:usage.of', { limit: shortCountText(budget.tokens) })}`}
          </Fact>
        )}
        <Fact mono name={t('run:usage.active')}>
          <Elapsed baseMs={times.activeMs} since={times.state === 'active' ? times.since : null} />
          {budget?.wallMs !== undefined && ` ${t('run:usage.of', { limit: durationText(budget.wallMs) })}`}
        </Fact>
        <Fact mono name={t('run:usage.queued')}>
          <Elapsed baseMs={times.queuedMs} since={times.state === 'queued' ? times.since : null} />
        </Fact>
        {(times.waitedMs > 0 || times.state === 'waiting') && (
          <Fact mono name={t('run:usage.waited')}>
            <Elapsed baseMs={times.waitedMs} since={times.state === 'waiting' ? times.since : null} />
          </Fact>
        )}
        <Fact mono name={t('run:usage.cpu')}>
          {ms(usage.cpuMs)}
        </Fact>
        <Fact mono name={t('run:usage.memory')}>
          {usage.peakMemoryBytes === undefined ? none : formatBytes(usage.peakMemoryBytes)}
        </Fact>
      </Facts>
      <UsageByRole spentBy={moment.view.conversation.spentBy} />
    </Card>
  );
}

function Spent({ run, spent, limit }: { run: RunSummary; spent: number; limit: number }) {
  const { t } = useTranslation('run');
  const words = t('usage.of', { limit: moneyText(limit) });
  const tone = spent >= limit ? 'you' : run.status === 'running' ? 'live' : 'ink';
  return (
    <div className={classes.spent}>
      <p>
        <span className={classes.figure}>{moneyText(spent)}</span> {words}
      </p>
      <Meter
        name={t('usage.cost')}
        value={spent}
        limit={limit}
        words={`${moneyText(spent)} ${words}`}
        tone={tone}
      />
      <p className={classes.note}>
        {t(run.capability === 'execution' ? 'usage.refuses' : 'usage.pauses', { limit: moneyText(limit) })}
      </p>
    </div>
  );
}
