import { Menu } from '@mantine/core';
import { IconCopy, IconDownload, IconFlag, IconLink, IconTrash } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { RunSummary } from '../../contract/run.ts';
import { isTerminal } from '../../contract/run-status.ts';
import { priorities } from '../../contract/priority.ts';
import { useMe } from '../api/me.ts';
import { copyText } from '../parts/copy-text.ts';
import { toast } from '../parts/toast.ts';
import type { RunActs } from './use-run-acts.ts';

const icon = { size: 14, stroke: 1.75, 'aria-hidden': true } as const;

/** The menu of what is done more rarely. */
export function MoreItems({ run, acts, may }: { run: RunSummary; acts: RunActs; may: boolean }) {
  const { t } = useTranslation('run');
  const me = useMe();
  const over = isTerminal(run.status);
  const rank = priorities.indexOf(run.priority);
  const copy = (text: string, done: string) => void copyText(text).then((copied) => copied && toast(done));
  return (
    <>
      <Menu.Item
        leftSection={<IconCopy {...icon} />}
        onClick={() => copy(`gantry runs show ${run.id}`, t('act.copiedCommand'))}
      >
        {t('act.copyCommand')}
      </Menu.Item>
      <Menu.Item
        leftSection={<IconLink {...icon} />}
        onClick={() => copy(location.href, t('act.copiedLink'))}
      >
        {t('act.copyLink')}
      </Menu.Item>
      <Menu.Item
        component="a"
        href={`/api/v1/runs/${run.id}/log`}
        download
        leftSection={<IconDownload {...icon} />}
      >
        {t('act.downloadLog')}
      </Menu.Item>
      {!over && <Menu.Divider />}
      {!over && <Menu.Label>{t('act.priority')}</Menu.Label>}
      {!over &&
        priorities.map((each, index) => {
          const raises = index < rank && me?.role !== 'admin';
          return (
            <Menu.Item
              key={each}
              leftSection={each === run.priority ? <IconFlag {...icon} /> : <span style={{ width: 14 }} />}
              disabled={!may || raises || each === run.priority}
              title={!may ? t('act.viewer') : raises ? t('act.raise') : undefined}
              onClick={() => acts.prioritise(each)}
            >
              {t(`priority.${each}`)}
            </Menu.Item>
          );
        })}
      <Menu.Divider />
      <Menu.Item
        color="bad"
        leftSection={<IconTrash {...icon} />}
        disabled={!may || !over}
        title={!may ? t('act.viewer') : over ? undefined : t('act.notFinished')}
        onClick={() => acts.open('discard')}
      >
        {t('act.discard')}
      </Menu.Item>
    </>
  );
}
