import type { InstanceSettings } from '../../contract/settings.ts';

export type SettingKey = keyof InstanceSettings;
export type SettingValue = InstanceSettings[SettingKey];
export type Unit = 'perMinute' | 'seconds' | 'days' | 'MiB' | 'runs' | 'attempts';

interface NumberField {
  readonly kind: 'number';
  readonly unit: Unit;
  /** How much of the stored unit one of the shown is: 1000 where milliseconds are shown as seconds. */
  readonly scale: number;
}

interface TextKind {
  readonly kind: 'text';
  /** An empty field means: as by default. */
  readonly emptyIsDefault?: true;
  readonly example?: string;
}

export type SettingField = NumberField | { readonly kind: 'flag' } | TextKind;

const number = (unit: Unit, scale = 1): NumberField => ({ kind: 'number', unit, scale });

/** How each setting is shown and typed. */
export const settingFields: Readonly<Record<SettingKey, SettingField>> = {
  notice: { kind: 'text' },
  intakePaused: { kind: 'flag' },
  maxRunning: number('runs'),
  maxRunningPerUser: number('runs'),
  maxRunningPerRepository: number('runs'),
  maxQueued: number('runs'),
  agingSeconds: number('seconds'),
  maxAttempts: number('attempts'),
  executionWallMs: number('seconds', 1000),
  executionWallMsMost: number('seconds', 1000),
  executionMemoryBytes: number('MiB', 1024 ** 2),
  executionMemoryBytesMost: number('MiB', 1024 ** 2),
  rateLimitPerMinute: number('perMinute'),
  signInLimitPerMinute: number('perMinute'),
  openRegistration: { kind: 'flag' },
  retentionDays: number('days'),
  auditRetentionDays: number('days'),
  model: { kind: 'text', emptyIsDefault: true, example: 'anthropic/claude-sonnet-4-5' },
};

/** In the order of the page. */
export const settingGroups = {
  notice: ['notice', 'intakePaused'],
  queue: [
    'maxRunning',
    'maxRunningPerUser',
    'maxRunningPerRepository',
    'maxQueued',
    'agingSeconds',
    'maxAttempts',
  ],
  programs: ['executionWallMs', 'executionWallMsMost', 'executionMemoryBytes', 'executionMemoryBytesMost'],
  agents: ['model'],
  access: ['rateLimitPerMinute', 'signInLimitPerMinute', 'openRegistration'],
  keeping: ['retentionDays', 'auditRetentionDays'],
} as const satisfies Record<string, readonly SettingKey[]>;

export function isSettingKey(key: string): key is SettingKey {
  return Object.hasOwn(settingFields, key);
}
