import { ActionIcon, Button, TextInput, Tooltip } from '@mantine/core';
import {
  IconArrowDown,
  IconArrowUp,
  IconDownload,
  IconSearch,
  IconTextWrap,
  IconX,
} from '@tabler/icons-react';
import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import type { RunLog } from '../../contract/run-log.ts';
import type { RunSummary } from '../../contract/run.ts';
import { countText } from '../format/amount.ts';
import { logFilters, type LogFilter } from './log-lines.ts';
import classes from './log-toolbar.module.css';
import { useLineList } from './use-line-list.ts';
import type { LogFinder } from './use-log-search.ts';

interface LogToolbarProps {
  readonly run: RunSummary;
  readonly log: RunLog;
  readonly filter: LogFilter;
  readonly setFilter: (filter: LogFilter) => void;
  readonly wrap: boolean;
  readonly setWrap: (wrap: boolean) => void;
  readonly search: LogFinder;
}

const icon = { size: 16, stroke: 1.75, 'aria-hidden': true } as const;

/** Above the log: what is shown of it, find, wrap, download. */
export function LogToolbar({ run, log, filter, setFilter, wrap, setWrap, search }: LogToolbarProps) {
  const { t } = useTranslation('run');
  const errors = useLineList(log, 'errors').numbers?.length ?? 0;
  return (
    <div className={classes.bar}>
      <div className={classes.chips} role="group" aria-label={t('log.filters')}>
        {logFilters.map((each) => (
          <Button
            key={each}
            size="compact-sm"
            variant={each === filter ? 'default' : 'subtle'}
            aria-pressed={each === filter}
            onClick={() => setFilter(each)}
          >
            {t(`log.filter.${each}`)}
            {each === 'errors' && errors > 0 && <span className={classes.count}>{countText(errors)}</span>}
          </Button>
        ))}
      </div>
      <div className={classes.tools}>
        {search.isOpen ? (
          <FindField search={search} />
        ) : (
          <ActionIcon variant="subtle" aria-label={t('log.find')} onClick={search.open}>
            <IconSearch {...icon} />
          </ActionIcon>
        )}
        <Tooltip label={t('log.wrap')}>
          <ActionIcon
            variant={wrap ? 'light' : 'subtle'}
            aria-pressed={wrap}
            aria-label={t('log.wrap')}
            onClick={() => setWrap(!wrap)}
          >
            <IconTextWrap {...icon} />
          </ActionIcon>
        </Tooltip>
        <Tooltip label={t('log.download')}>
          <ActionIcon
            component="a"
            variant="subtle"
            href={`/api/v1/runs/${run.id}/log`}
            download
            aria-label={t('log.download')}
          >
            <IconDownload {...icon} />
          </ActionIcon>
        </Tooltip>
      </div>
    </div>
  );
}

function FindField({ search }: { search: LogFinder }) {
  const { t } = useTranslation('run');
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => field.current?.focus(), []);
  const words =
    search.text === ''
      ? ''
      : search.count > 0
        ? t('log.found', {
            at: countText(search.at + 1),
            count: countText(search.count) as unknown as number,
          })
        : search.searching
          ? t('log.searching')
          : t('log.notFound');
  return (
    <div className={classes.find}>
      <TextInput
        ref={field}
        size="xs"
        aria-label={t('log.find')}
        placeholder={t('log.find')}
        value={search.text}
        onChange={(event) => search.setText(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key === 'Enter') search.go(event.shiftKey ? -1 : 1);
          if (event.key === 'Escape') search.close();
        }}
      />
      <span className={classes.found} role="status">
        {words}
      </span>
      <ActionIcon variant="subtle" aria-label={t('log.previous')} onClick={() => search.go(-1)}>
        <IconArrowUp {...icon} />
      </ActionIcon>
      <ActionIcon variant="subtle" aria-label={t('log.next')} onClick={() => search.go(1)}>
        <IconArrowDown {...icon} />
      </ActionIcon>
      <ActionIcon variant="subtle" aria-label={t('log.closeFind')} onClick={search.close}>
        <IconX {...icon} />
      </ActionIcon>
    </div>
  );
}
