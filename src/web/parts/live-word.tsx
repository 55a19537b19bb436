import { useTranslation } from 'react-i18next';
import { clockTime } from '../format/time.ts';
import type { StreamState } from '../live/server-stream.ts';
import { LiveSquare, StatusWord } from './status.tsx';
import { IconPlugConnectedX } from '@tabler/icons-react';

/** "Live" while the stream is up; "Reconnecting, showing 12:04:31" when what is shown may be old. */
export function LiveWord({ state, at }: { state: StreamState; at: Date }) {
  const { t } = useTranslation('parts');
  if (state === 'ended') return null;
  return state === 'live' ? (
    <StatusWord tone="live" icon={<LiveSquare />}>
      {t('live')}
    </StatusWord>
  ) : (
    <StatusWord tone="idle" icon={<IconPlugConnectedX size={14} stroke={2.1} aria-hidden="true" />}>
      {t('reconnecting', { time: clockTime(at) })}
    </StatusWord>
  );
}
