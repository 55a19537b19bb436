import { useTranslation } from 'react-i18next';
import { inert } from '../../../../base/inert.ts';

const roles = [
  ...(['proposer', 'critic', 'judge', 'planner', 'writer'] as const),
  ...(['reviewer', 'describer', 'merger', 'answerer'] as const),
];

/** What a role is called; one that is not known by what it calls itself. */
export function useRoleName(): (role: string) => string {
  const { t } = useTranslation('codingWork');
  return (role) => {
    const known = roles.find((each) => each === role);
    return known ? t(`role.${known}`) : inert(role.slice(0, 60));
  };
}
