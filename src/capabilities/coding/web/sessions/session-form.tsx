import { useTranslation } from 'react-i18next';
import { AgentNeeds } from '../../../../web/start/agent-needs.tsx';
import { SessionFields } from './session-fields.tsx';

/** A goal, a repository, and go; or what is missing for that. */
export default function SessionForm() {
  const { t } = useTranslation('sessions');
  return <AgentNeeds words={(key) => t(key)} Form={SessionFields} />;
}
