import { Button, Checkbox, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ApiError } from '../../../../web/api/client.ts';
import { ErrorPanel } from '../../../../web/parts/error-panel.tsx';
import { inputOf } from '../draft.ts';
import type { Playground } from '../state/use-playground.ts';
import classes from './scripts.module.css';
import { useSave } from './use-save.ts';

/** Saves the program as the next version of its script, or under a name of its own. */
export function SaveForm({ playground }: { playground: Playground }) {
  const { t } = useTranslation('playground');
  const { state } = playground;
  const { script } = state.base;
  const own = script?.mayChange === true;
  const [asNew, setAsNew] = useState(false);
  const [name, setName] = useState('');
  const [note, setNote] = useState('');
  const [shared, setShared] = useState(false);
  const save = useSave(playground);
  const fresh = asNew || !own;
  const ready = inputOf(state.draft) !== undefined && (!fresh || name.trim() !== '');
  const submit = () => {
    save.mutate(fresh ? { name, note, shared } : { script, note }, {
      onSuccess: () => (setAsNew(false), setNote(''), setName('')),
    });
  };
  const late = save.error instanceof ApiError && save.error.code === 'CONFLICT' && !fresh;
  return (
    <form
      className={classes.save}
      onSubmit={(event) => {
        event.preventDefault();
        if (ready) submit();
      }}
    >
      {own && !asNew ? (
        <p>{t('scripts.next', { name: script.name, version: script.latest + 1 })}</p>
      ) : (
        <NewScript name={name} onName={setName} shared={shared} onShared={setShared} />
      )}
      <TextInput
        label={t('scripts.note')}
        maxLength={500}
        value={note}
        onChange={(event) => setNote(event.currentTarget.value)}
      />
      {inputOf(state.draft) === undefined && <p className={classes.hint}>{t('code.unclosed')}</p>}
      {save.error && (
        <ErrorPanel
          error={save.error}
          actions={
            late && (
              <Button
                size="compact-sm"
                variant="default"
                onClick={() => save.mutate({ script, note, over: true })}
              >
                {t('scripts.saveAfter')}
              </Button>
            )
          }
        />
      )}
      <div className={classes.buttons}>
        <Button type="submit" loading={save.isPending} disabled={!ready}>
          {fresh
            ? t('scripts.saveNew')
            : t('scripts.save', { version: script?.latest === undefined ? 1 : script.latest + 1 })}
        </Button>
        {own && (
          <Button variant="default" onClick={() => setAsNew(!asNew)}>
            {t(asNew ? 'scripts.asVersion' : 'scripts.saveAs')}
          </Button>
        )}
        <span role="status" className={save.isSuccess ? classes.hint : 'g-hidden'}>
          {save.isSuccess && t('scripts.saved', { name: save.data.name, version: save.data.version })}
        </span>
      </div>
    </form>
  );
}

interface NewScriptProps {
  readonly name: string;
  onName(name: string): void;
  readonly shared: boolean;
  onShared(shared: boolean): void;
}

function NewScript({ name, onName, shared, onShared }: NewScriptProps) {
  const { t } = useTranslation('playground');
  return (
    <>
      <TextInput
        label={t('scripts.name')}
        description={t('scripts.nameHint')}
        maxLength={120}
        value={name}
        onChange={(event) => onName(event.currentTarget.value)}
      />
      <Checkbox
        label={t('scripts.share')}
        checked={shared}
        onChange={(event) => onShared(event.currentTarget.checked)}
      />
    </>
  );
}
