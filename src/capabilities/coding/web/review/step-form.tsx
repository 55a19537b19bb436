import { Button, MultiSelect, NativeSelect, Textarea, TextInput } from '@mantine/core';
import { useEffect, useId, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { fieldError } from '../../../../web/parts/field-error.tsx';
import type { PlanStep } from '../../schema.ts';
import { linesOf, type PlanAct } from './plan-draft.ts';
import { titleOf } from './plan-words.ts';
import classes from './plan.module.css';

interface StepFormProps {
  readonly step: PlanStep;
  readonly steps: readonly PlanStep[];
  readonly act: (act: PlanAct) => void;
  readonly onDone: () => void;
}

const types: Readonly<Record<PlanStep['type'], true>> = {
  ...{ feat: true, fix: true, refactor: true, perf: true, test: true },
  ...{ docs: true, build: true, ci: true, style: true, chore: true },
};
const sizes = ['small', 'medium', 'large'] as const;
const most = { files: 100, acceptance: 20 } as const;

/** A step to be edited where it stands: what is typed is in the plan at once, and one undo takes all of it back. */
export function StepForm({ step, steps, act, onDone }: StepFormProps) {
  const { t } = useTranslation('codingReview');
  const under = useId();
  const title = useRef<HTMLInputElement>(null);
  useEffect(() => {
    // A step that was just added is named first; one that is opened may be opened to be read.
    if (title.current?.value === '') title.current.focus();
  }, []);
  const edit = (change: Partial<PlanStep>) => act({ act: 'edit', id: step.id, change, under });
  return (
    <form
      className={classes.form}
      onSubmit={(event) => {
        event.preventDefault();
        onDone();
      }}
    >
      <TextInput
        ref={title}
        label={t('plan.form.title')}
        description={t('plan.form.titleHint')}
        error={fieldError(step.title.trim() === '' ? t('plan.form.noTitle') : undefined)}
        maxLength={200}
        value={step.title}
        onChange={({ currentTarget: { value } }) => edit({ title: value })}
      />
      <Textarea
        label={t('plan.form.description')}
        autosize
        minRows={2}
        maxRows={12}
        maxLength={8000}
        value={step.description}
        onChange={({ currentTarget: { value } }) => edit({ description: value })}
      />
      <Commit step={step} edit={edit} />
      <MultiSelect
        label={t('plan.form.dependsOn')}
        placeholder={step.dependsOn.length === 0 ? t('plan.form.dependsNone') : ''}
        data={steps.flatMap((other, index) =>
          other.id === step.id
            ? []
            : [{ value: other.id, label: `${index + 1}. ${titleOf(other, t).slice(0, 60)}` }],
        )}
        value={[...step.dependsOn]}
        onChange={(dependsOn) => edit({ dependsOn })}
      />
      <Lines step={step} field="files" edit={edit} />
      <Lines step={step} field="acceptance" edit={edit} />
      <div className={classes.formButtons}>
        <Button type="submit" variant="default">
          {t('plan.form.done')}
        </Button>
        <Button variant="subtle" color="bad" onClick={() => act({ act: 'remove', id: step.id })}>
          {t('plan.form.remove')}
        </Button>
      </div>
    </form>
  );
}

interface PartProps {
  readonly step: PlanStep;
  readonly edit: (change: Partial<PlanStep>) => void;
}

/** How it will be committed, and how large it is. */
function Commit({ step, edit }: PartProps) {
  const { t } = useTranslation('codingReview');
  return (
    <div className={classes.three}>
      <NativeSelect
        label={t('plan.form.type')}
        data={Object.keys(types)}
        value={step.type}
        onChange={({ currentTarget: { value } }) => {
          if (isType(value)) edit({ type: value });
        }}
      />
      <TextInput
        label={t('plan.form.scope')}
        maxLength={40}
        value={step.scope ?? ''}
        onChange={({ currentTarget: { value } }) => edit({ scope: value === '' ? undefined : value })}
      />
      <NativeSelect
        label={t('plan.form.size')}
        data={sizes.map((value) => ({ value, label: t(`plan.size.${value}`) }))}
        value={step.size}
        onChange={({ currentTarget: { value } }) =>
          edit({ size: sizes.find((size) => size === value) ?? 'small' })
        }
      />
    </div>
  );
}

function isType(value: string): value is PlanStep['type'] {
  return value in types;
}

/** A list as lines of text; what is typed stays as it is typed while the form is open. */
function Lines({ step, field, edit }: PartProps & { readonly field: 'files' | 'acceptance' }) {
  const { t } = useTranslation('codingReview');
  const [text, setText] = useState(step[field].join('\n'));
  const lines = linesOf(text);
  const tooMany = lines.length > most[field] ? t('plan.form.tooMany', { most: most[field] }) : undefined;
  return (
    <Textarea
      label={t(`plan.form.${field}`)}
      description={t('plan.form.perLine')}
      error={fieldError(tooMany)}
      classNames={field === 'files' ? { input: classes.mono ?? '' } : {}}
      autosize
      minRows={2}
      maxRows={10}
      value={text}
      onChange={({ currentTarget: { value } }) => {
        setText(value);
        edit({
          [field]: linesOf(value)
            .slice(0, most[field])
            .map((line) => line.slice(0, 1000)),
        });
      }}
    />
  );
}
