import { IconAlertTriangle, IconCheck, IconX } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { Overview } from '../../contract/system.ts';
import { LiveWord } from '../parts/live-word.tsx';
import { StatusWord } from '../parts/status.tsx';

const icon = { size: 14, stroke: 2.1, 'aria-hidden': true } as const;
const looks = {
  healthy: { tone: 'ok', mark: <IconCheck {...icon} /> },
  degraded: { tone: 'idle', mark: <IconAlertTriangle {...icon} /> },
  down: { tone: 'bad', mark: <IconX {...icon} /> },
} as const;

interface HealthLeadProps {
  readonly overview: Overview;
  readonly broken: boolean;
  readonly at: Date;
}

/** One word and one sentence: healthy, or what is gravest and what Gantry did about it. */
export function HealthLead({ overview: { state, findings }, broken, at }: HealthLeadProps) {
  const { t } = useTranslation('system');
  const { tone, mark } = looks[state];
  const [first, ...others] = findings.filter(({ severity }) => severity !== 'note');
  return (
    <>
      <StatusWord tone={tone} icon={mark}>
        {t(`state.${state}`)}
      </StatusWord>
      <span>
        {first?.text ?? t('allWell')} {others.length > 0 && t('more', { count: others.length })}
      </span>
      <LiveWord state={broken ? 'broken' : 'live'} at={at} />
    </>
  );
}
