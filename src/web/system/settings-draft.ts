import type { InstanceSettingsView, SettingsVersion } from '../../contract/settings.ts';
import { countText } from '../format/amount.ts';
import { isSettingKey, settingFields, type SettingKey, type SettingValue } from './settings-fields.ts';

/** What was typed and not saved: text for numbers and texts, a flag for flags, null for "back to the default". */
export type Draft = Readonly<Partial<Record<SettingKey, string | boolean | null>>>;

/** How a stored value is typed. */
function typedOf(key: SettingKey, value: SettingValue): string | boolean {
  const field = settingFields[key];
  if (typeof value === 'number' && field.kind === 'number') return String(value / field.scale);
  return typeof value === 'boolean' ? value : String(value ?? '');
}

/** What a field shows now. */
export function shownOf(key: SettingKey, view: InstanceSettingsView, draft: Draft): string | boolean {
  const typed = draft[key];
  if (typed === undefined) return typedOf(key, view.values[key]);
  return typed === null ? typedOf(key, view.defaults[key]) : typed;
}

export type Mistake =
  | { readonly kind: 'wholeNumber' }
  | { readonly kind: 'tooSmall'; readonly min: string }
  | { readonly kind: 'tooLarge'; readonly max: string };

/** What is wrong with what was typed, as far as a page can tell. */
export function mistakeIn(
  key: SettingKey,
  typed: string | boolean,
  bounds: InstanceSettingsView['bounds'],
): Mistake | undefined {
  const field = settingFields[key];
  if (field.kind !== 'number' || typeof typed !== 'string') return undefined;
  const value = storedOf(key, typed);
  if (typeof value !== 'number' || !Number.isInteger(value)) return { kind: 'wholeNumber' };
  const { min = 0, max = Infinity } = bounds[key] ?? {};
  if (value < min) return { kind: 'tooSmall', min: countText(min / field.scale) };
  if (value > max) return { kind: 'tooLarge', max: countText(max / field.scale) };
  return undefined;
}

/** What is stored for what was typed; text that is no number stays text, which the server refuses. */
function storedOf(key: SettingKey, typed: string | boolean | null): unknown {
  const field = settingFields[key];
  if (field.kind === 'text' && field.emptyIsDefault && typeof typed === 'string') return typed.trim() || null;
  if (field.kind !== 'number' || typeof typed !== 'string') return typed;
  const plain = typed.replaceAll(/[\s,_]/g, '');
  return /^-?\d+(\.\d+)?$/.test(plain) ? Math.round(Number(plain) * field.scale * 1000) / 1000 : typed;
}

/** What is to be sent: only what differs from what holds. */
export function changesOf(view: InstanceSettingsView, draft: Draft): Record<string, unknown> {
  const entries = Object.entries(draft).flatMap(([key, typed]) => {
    if (!isSettingKey(key) || typed === undefined) return [];
    const value = storedOf(key, typed);
    const same = value === null ? !(key in view.overrides) : value === view.values[key];
    return same ? [] : [[key, value] as const];
  });
  return Object.fromEntries(entries);
}

/** The same with one field changed; what equals the present state leaves the draft. */
export function withTyped(
  view: InstanceSettingsView,
  draft: Draft,
  key: SettingKey,
  typed: string | boolean | null,
): Draft {
  const { [key]: _, ...rest } = draft;
  const next = { ...rest, [key]: typed };
  return key in changesOf(view, next) || (typed !== null && mistakeIn(key, typed, view.bounds)) ? next : rest;
}

/** What version `version` had set, from the versions after it, newest first; undefined when one of them is not here. */
export function overridesAt(
  present: Readonly<Record<string, unknown>>,
  latest: number,
  versions: readonly SettingsVersion[],
  version: number,
): Record<string, unknown> | undefined {
  const found: Record<string, unknown> = { ...present };
  for (let at = latest; at > version; at -= 1) {
    const step = versions.find((each) => each.version === at);
    if (step === undefined) return undefined;
    for (const { key, from } of step.changes) {
      if (from === null) delete found[key];
      else found[key] = from;
    }
  }
  return found;
}

export interface Difference {
  readonly key: SettingKey;
  /** Null is: not set. */
  readonly from: unknown;
  readonly to: unknown;
}

/** What would change between two sets of what is set. */
export function differenceOf(
  from: Readonly<Record<string, unknown>>,
  to: Readonly<Record<string, unknown>>,
): Difference[] {
  return Object.keys(settingFields)
    .filter(isSettingKey)
    .map((key) => ({ key, from: from[key] ?? null, to: to[key] ?? null }))
    .filter((each) => each.from !== each.to);
}
