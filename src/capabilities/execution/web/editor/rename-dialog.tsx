import { Button, Group, Modal, TextInput } from '@mantine/core';
import { useState, type FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { clashes, nameProblem } from '../../file-name.ts';

interface RenameDialogProps {
  readonly opened: boolean;
  readonly name: string;
  readonly others: readonly string[];
  onClose(): void;
  onRename(name: string): void;
}

/** Gives a file its name, which may hold directories; says what is wrong with one that can't be. */
export function RenameDialog({ opened, name, others, onClose, onRename }: RenameDialogProps) {
  const { t } = useTranslation('playground');
  const [value, setValue] = useState(name);
  const [problem, setProblem] = useState<string>();
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const found = nameProblem(value) ?? clashes([...others, value])[0]?.message;
    setProblem(found);
    if (found !== undefined) return;
    onRename(value);
    onClose();
  };
  return (
    <Modal opened={opened} onClose={onClose} title={t('files.renameTitle')} size={440}>
      <form onSubmit={submit}>
        <TextInput
          data-autofocus
          label={t('files.name')}
          description={t('files.nameHint')}
          value={value}
          error={problem && t('files.problem', { problem })}
          onFocus={(event) => event.currentTarget.select()}
          onChange={(event) => setValue(event.currentTarget.value)}
        />
        <Group mt="lg" justify="flex-end" gap="sm">
          <Button variant="default" onClick={onClose}>
            {t('files.keepName')}
          </Button>
          <Button type="submit">{t('files.rename')}</Button>
        </Group>
      </form>
    </Modal>
  );
}
