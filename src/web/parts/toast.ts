import { notifications } from '@mantine/notifications';
import { createElement } from 'react';
import { UndoButton } from './undo-button.tsx';

/** Says what you did and what came of it; errors that need reading stay in the page. */
export function toast(message: string): void {
  notifications.show({ message, withBorder: true, role: 'status' });
}

const undoMs = 8000;

/** The same with a way back for eight seconds. */
export function toastWithUndo(message: string, undo: () => void): void {
  const id = notifications.show({ message: '', autoClose: undoMs, withBorder: true, role: 'status' });
  const takeBack = () => {
    notifications.hide(id);
    undo();
  };
  notifications.update({ id, message: createElement(UndoButton, { message, onUndo: takeBack }) });
}
