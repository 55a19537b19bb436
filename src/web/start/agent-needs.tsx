import { Link } from '@tanstack/react-router';
import type { ComponentType } from 'react';
import { useModels } from '../models/model-queries.ts';
import { isScripted } from '../models/scripted.ts';
import { EmptyState } from '../parts/empty-state.tsx';
import { ErrorPanel } from '../parts/error-panel.tsx';
import { useRepositories } from '../repositories/repository-queries.ts';

type Need = 'noRepositories' | 'noModel';

interface AgentNeedsProps {
  readonly words: (key: `${Need}.${'title' | 'text' | 'action'}`) => string;
  /** Gets the names of the repositories that there are. */
  readonly Form: ComponentType<{ names: readonly string[] }>;
}

/** What agents need before they can work on a repository, where it is missing; else the form that lets them. */
export function AgentNeeds({ words, Form }: AgentNeedsProps) {
  const repositories = useRepositories();
  const models = useModels().data;
  const names = (repositories.data?.items ?? []).map(({ name }) => name);
  if (repositories.data && names.length === 0)
    return (
      <EmptyState
        title={words('noRepositories.title')}
        text={words('noRepositories.text')}
        actions={<Link to="/repositories">{words('noRepositories.action')}</Link>}
        command="gantry repos add https://github.com/acme/shop"
      />
    );
  if (models?.default === null && models.items.every(({ model }) => isScripted(model)))
    return (
      <EmptyState
        title={words('noModel.title')}
        text={words('noModel.text')}
        actions={<Link to="/models">{words('noModel.action')}</Link>}
      />
    );
  return (
    <>
      {repositories.error && <ErrorPanel error={repositories.error} />}
      <Form names={names} />
    </>
  );
}
