import { Checkbox } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { phases, type SessionDraft } from './session-draft.ts';
import classes from './session-form.module.css';

interface SessionOptionsProps {
  readonly draft: SessionDraft;
  readonly onChange: (change: Partial<SessionDraft>) => void;
}

/** How far it goes by itself, what becomes of the pull request, and what a small goal can do without. */
export function SessionOptions({ draft, onChange }: SessionOptionsProps) {
  const { t } = useTranslation('sessions');
  const { auto, draft: isDraft, followUp, skip } = draft;
  const opens = !skip.includes('push') && !skip.includes('pull');
  return (
    <div className={classes.options}>
      <div className={classes.switches}>
        <Checkbox
          label={t('form.auto')}
          description={t('form.autoHint')}
          checked={auto}
          onChange={({ currentTarget: { checked } }) => onChange({ auto: checked })}
        />
        {opens && (
          <>
            <Checkbox
              label={t('form.draft')}
              checked={isDraft}
              onChange={({ currentTarget: { checked } }) => onChange({ draft: checked })}
            />
            <Checkbox
              label={t('form.followUp')}
              description={t('form.followUpHint')}
              checked={followUp}
              onChange={({ currentTarget: { checked } }) => onChange({ followUp: checked })}
            />
          </>
        )}
      </div>
      <Checkbox.Group
        label={t('form.skip')}
        description={t('form.skipHint')}
        value={[...skip]}
        onChange={(chosen) => onChange({ skip: phases.filter((phase) => chosen.includes(phase)) })}
      >
        <div className={classes.skips}>
          {phases.map((phase) => (
            <Checkbox key={phase} value={phase} label={t(`form.skips.${phase}`)} />
          ))}
        </div>
      </Checkbox.Group>
    </div>
  );
}
