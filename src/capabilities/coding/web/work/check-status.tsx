import { IconAlertTriangle, IconCheck, IconHistory, IconX } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { StatusWord } from '../../../../web/parts/status.tsx';
import type { CheckResult } from '../../verify/verification.ts';

const looks = {
  passed: { tone: 'ok', Icon: IconCheck },
  failed: { tone: 'bad', Icon: IconX },
  'failing-before': { tone: 'idle', Icon: IconHistory },
  unavailable: { tone: 'idle', Icon: IconAlertTriangle },
} as const;

/** What a check said, as icon and word. */
export function CheckStatus({ status }: { status: CheckResult['status'] }) {
  const { t } = useTranslation('codingReview');
  const { tone, Icon } = looks[status];
  return (
    <StatusWord tone={tone} icon={<Icon size={14} stroke={2.1} aria-hidden="true" />}>
      {t(`step.status.${status}`)}
    </StatusWord>
  );
}
