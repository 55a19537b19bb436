import { Badge, Button } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { inert } from '../../base/inert.ts';
import type { ModelEntry } from '../../contract/model.ts';
import { countText, moneyText, shortCountText } from '../format/amount.ts';
import { durationText } from '../format/duration.ts';
import { Ago } from '../parts/ago.tsx';
import classes from './models.module.css';

interface ModelRowProps {
  readonly entry: ModelEntry;
  readonly testing: boolean;
  readonly choosing: boolean;
  readonly onTest?: () => void;
  /** Makes it the default. */
  readonly onUse?: () => void;
}

export function ModelRow({ entry, testing, choosing, onTest, onUse }: ModelRowProps) {
  const { t } = useTranslation('models');
  const { model, calls, failed, cacheHits, inputTokens, outputTokens, usd, meanMs, lastUsedAt } = entry;
  const tokens = `${shortCountText(inputTokens)} / ${shortCountText(outputTokens)}`;
  return (
    <tr>
      <td className={classes.model}>
        <div className={classes.name} title={inert(model)}>
          <bdi>{inert(model)}</bdi>
        </div>
        {entry.isDefault && <Badge>{t('list.isDefault')}</Badge>}
      </td>
      <td data-label={t('list.price')} data-number="">
        <Price entry={entry} />
      </td>
      <td data-label={t('list.calls')} data-number="">
        {countText(calls)}
        {cacheHits > 0 && <div className={classes.cached}>{t('list.cached', { count: cacheHits })}</div>}
        {failed > 0 && <div className={classes.failed}>{t('list.failed', { count: failed })}</div>}
      </td>
      <td data-label={t('list.tokens')} data-number="">
        {tokens}
      </td>
      <td data-label={t('list.cost')} data-number="">
        {entry.price === null && calls > 0 && usd === 0 ? '–' : moneyText(usd)}
      </td>
      <td data-label={t('list.latency')} data-number="">
        {meanMs === null ? '–' : durationText(meanMs)}
      </td>
      <td data-label={t('list.used')} className={classes.used}>
        {lastUsedAt === null ? t('list.never') : <Ago at={lastUsedAt} />}
      </td>
      {onTest && (
        <td data-actions="">
          <Button
            size="compact-sm"
            variant="default"
            loading={testing}
            aria-label={t('list.testOf', { model: inert(model) })}
            onClick={onTest}
          >
            {t('list.test')}
          </Button>
          {onUse && !entry.isDefault && (
            <Button
              size="compact-sm"
              variant="subtle"
              loading={choosing}
              aria-label={t('list.useOf', { model: inert(model) })}
              onClick={onUse}
            >
              {t('list.use')}
            </Button>
          )}
        </td>
      )}
    </tr>
  );
}

function Price({ entry: { price, priceFrom } }: { entry: ModelEntry }) {
  const { t } = useTranslation('models');
  if (priceFrom === 'free') return <>{t('list.free')}</>;
  if (price === null) return <span title={t('list.unknownHint')}>{t('list.unknown')}</span>;
  return (
    <span title={t('list.priceHint')}>
      {moneyText(price.input)} / {moneyText(price.output)}
    </span>
  );
}
