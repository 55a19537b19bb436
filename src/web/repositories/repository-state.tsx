import { IconAlertTriangle, IconCheck, IconCircleDashed, IconPlugConnectedX } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { Repository } from '../../contract/repository.ts';
import { StatusWord } from '../parts/status.tsx';

const icon = { size: 14, stroke: 2.1, 'aria-hidden': true } as const;

/** Whether runs can use it: icon and word. */
export function RepositoryState({ status, chip = false }: Pick<Repository, 'status'> & { chip?: boolean }) {
  const { t } = useTranslation('repositories');
  const icons = {
    ok: <IconCheck {...icon} />,
    empty: <IconCircleDashed {...icon} />,
    refused: <IconAlertTriangle {...icon} />,
    unreachable: <IconPlugConnectedX {...icon} />,
  };
  const tone = status === 'ok' ? 'ok' : status === 'empty' ? 'idle' : 'bad';
  return (
    <StatusWord tone={tone} chip={chip} icon={icons[status]}>
      {t(`states.${status}`)}
    </StatusWord>
  );
}
