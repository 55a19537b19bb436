import { Button, Group, Modal, Text, TextInput } from '@mantine/core';
import { useState, type ReactNode } from 'react';
import { ErrorPanel } from './error-panel.tsx';

interface ConfirmProps {
  readonly opened: boolean;
  readonly onClose: () => void;
  /** Asks with the verb: "Cancel this run?". */
  readonly title: string;
  /** What stops, what stays, how to get back. */
  readonly text: ReactNode;
  /** Repeats the verb: "Cancel run". */
  readonly action: string;
  /** The safe one: "Keep it running". */
  readonly keep: string;
  readonly tone?: 'bad' | 'ink';
  /** Must be typed first, where a mistake can't be undone. */
  readonly typed?: { readonly label: string; readonly value: string };
  /** Closes when it is done; what it throws is shown. */
  onConfirm(): Promise<unknown>;
}

/** Asks before what cannot be undone or touches others; the focus is on the safe button. All else offers Undo instead. */
export function Confirm({
  opened,
  onClose,
  title,
  text,
  action,
  keep,
  tone = 'bad',
  typed,
  onConfirm,
}: ConfirmProps) {
  const { busy, error, run } = useAttempt(onConfirm, onClose);
  const [value, setValue] = useState('');
  const ready = typed === undefined || value.trim() === typed.value;
  return (
    <Modal opened={opened} onClose={onClose} title={title} size={440}>
      <Text size="md">{text}</Text>
      {typed && (
        <TextInput
          mt="md"
          label={typed.label}
          value={value}
          onChange={(event) => setValue(event.currentTarget.value)}
        />
      )}
      {error !== undefined && <ErrorPanel error={error} />}
      <Group mt="lg" justify="flex-end" gap="sm">
        <Button variant="default" data-autofocus onClick={onClose}>
          {keep}
        </Button>
        <Button color={tone} loading={busy} disabled={!ready} onClick={run}>
          {action}
        </Button>
      </Group>
    </Modal>
  );
}

function useAttempt(work: () => Promise<unknown>, done: () => void) {
  const [state, setState] = useState<{ busy: boolean; error?: unknown }>({ busy: false });
  const run = () => {
    setState({ busy: true });
    work().then(
      () => {
        setState({ busy: false });
        done();
      },
      (error: unknown) => setState({ busy: false, error }),
    );
  };
  return { ...state, run };
}
