import { Button } from '@mantine/core';
import { IconArrowDown, IconPlayerPause } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { hasEnded } from '../../contract/run-view.ts';
import { countText } from '../format/amount.ts';
import { LiveWord } from '../parts/live-word.tsx';
import { countOf, type LineList } from './log-lines.ts';
import classes from './log-foot.module.css';
import type { RunMoment } from './run-follower.ts';

interface LogFootProps {
  readonly moment: RunMoment;
  readonly list: LineList;
  readonly following: boolean;
  readonly setFollowing: (following: boolean) => void;
}

const icon = { size: 14, stroke: 1.75, 'aria-hidden': true } as const;

/** Under the log: how many lines, whether it is live, and whether its end is followed. */
export function LogFoot({ moment, list, following, setFollowing }: LogFootProps) {
  const { t } = useTranslation('run');
  const count = countOf(list);
  const [seen, setSeen] = useState(count);
  const live = moment.loaded && !hasEnded(moment.view);
  if ((following || !live) && seen !== count) setSeen(count);
  const fresh = Math.max(0, count - seen);
  return (
    <div className={classes.foot}>
      {live && moment.stream !== 'connecting' && <LiveWord state={moment.stream} at={moment.heardAt} />}
      <span>
        {live && (following ? t('log.following') : t('log.paused'))}
        {!live && t('log.lines', { count, figure: countText(count) })}
      </span>
      <div className={classes.right}>
        {live && following && (
          <Button
            size="compact-sm"
            variant="default"
            leftSection={<IconPlayerPause {...icon} />}
            onClick={() => setFollowing(false)}
          >
            {t('log.pause')}
          </Button>
        )}
        {!following && (
          <Button
            size="compact-sm"
            variant="default"
            leftSection={<IconArrowDown {...icon} />}
            onClick={() => setFollowing(true)}
          >
            {fresh > 0 ? t('log.jumpNew', { count: fresh, figure: countText(fresh) }) : t('log.jump')}
          </Button>
        )}
      </div>
    </div>
  );
}
