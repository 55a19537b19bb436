import { createSequence, nameOf } from './key-sequence.ts';
import { currentCommands } from './registry.ts';

let singleKeys = true;

/** Whether keys without Command or Ctrl do something; a person can turn that off. */
export function allowSingleKeys(allowed: boolean): void {
  singleKeys = allowed;
}

/** Lets the keys of all commands work; returns how to stop. */
export function listenToKeys(): () => void {
  const sequence = createSequence();
  const pressed = (event: KeyboardEvent) => {
    const name = nameOf(event);
    if (name === undefined || event.defaultPrevented || event.isComposing) return;
    const withModifier = name.startsWith('Mod+');
    if (!withModifier && (!singleKeys || isTyping(event.target) || overlayIsOpen())) return;
    const commands = currentCommands();
    const known = commands.flatMap(({ keys }) => (keys === undefined ? [] : [keys]));
    const { match, pending } = sequence.press(name, event.timeStamp, known);
    if (match === undefined && !pending) return;
    event.preventDefault();
    commands.find(({ keys }) => keys === match)?.run();
  };
  document.addEventListener('keydown', pressed);
  return () => document.removeEventListener('keydown', pressed);
}

function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target instanceof HTMLInputElement && /^(checkbox|radio)$/.test(target.type)) return false;
  return target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName);
}

/** A dialog or menu has keys of its own. Closed ones stay in the page, unseen. */
function overlayIsOpen(): boolean {
  const overlays = document.querySelectorAll('[role="dialog"], [role="menu"], [role="listbox"]');
  return [...overlays].some((overlay) => overlay.checkVisibility());
}
