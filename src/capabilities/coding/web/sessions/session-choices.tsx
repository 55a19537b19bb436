import { NumberInput, Select, TextInput } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useMay } from '../../../../web/api/me.ts';
import { useModels } from '../../../../web/models/model-queries.ts';
import { fieldError } from '../../../../web/parts/field-error.tsx';
import { isScripted } from '../../../../web/models/scripted.ts';
import type { SessionDraft, SessionField } from './session-draft.ts';
import classes from './session-form.module.css';

interface SessionChoicesProps {
  readonly draft: SessionDraft;
  readonly names: readonly string[];
  readonly errors: Partial<Record<SessionField, string>>;
  readonly onChange: (change: Partial<SessionDraft>) => void;
}

/** On what, from which branch, by which model, for how much; all but the repository may be left out. */
export function SessionChoices({ draft, names, errors, onChange }: SessionChoicesProps) {
  const { t } = useTranslation('sessions');
  const mayConnect = useMay('admin');
  const models = useModels().data;
  const items = (models?.items ?? []).filter(({ model }) => !isScripted(model));
  const usual = models?.default;
  return (
    <>
      <Select
        name="repository"
        className={classes.wide ?? ''}
        label={t('form.repository')}
        placeholder={t('form.choose')}
        nothingFoundMessage={t('form.noMatch')}
        error={fieldError(errors.repository)}
        searchable
        data={[...names]}
        value={draft.repository}
        onChange={(repository) => onChange({ repository })}
        {...(mayConnect && {
          description: (
            <Link to="/repositories" className={classes.connect}>
              {t('form.connect')}
            </Link>
          ),
        })}
        inputWrapperOrder={['label', 'input', 'error', 'description']}
      />
      <TextInput
        name="base"
        className={classes.small ?? ''}
        label={t('form.base')}
        placeholder={t('form.baseDefault')}
        error={fieldError(errors.base)}
        maxLength={250}
        value={draft.base}
        onChange={({ currentTarget: { value } }) => onChange({ base: value })}
      />
      <Select
        name="model"
        className={classes.wide ?? ''}
        label={t('form.model')}
        placeholder={usual ? t('form.modelUsual', { model: usual }) : t('form.modelDefault')}
        error={fieldError(errors.model)}
        clearable
        searchable
        data={items.map(({ model }) => model)}
        value={draft.model}
        onChange={(model) => onChange({ model })}
      />
      <NumberInput
        name="budget"
        className={classes.small ?? ''}
        label={t('form.budget')}
        title={t('form.budgetHint')}
        placeholder={t('form.budgetNone')}
        error={fieldError(errors.budget)}
        prefix="$"
        min={0.01}
        max={10_000}
        decimalScale={2}
        hideControls
        value={draft.budget}
        onChange={(value) => onChange({ budget: typeof value === 'number' ? value : '' })}
      />
    </>
  );
}
