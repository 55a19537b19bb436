import { Button, Checkbox, Drawer, Group, NumberInput, Stack } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { LimitName } from '../../limits-route.ts';
import { useModels } from '../../../../web/models/model-queries.ts';
import { effectiveLimits } from '../effective-limits.ts';
import { limitUnits, limitWords, shownLimits } from '../limit-units.ts';
import { useLimitTable } from '../queries.ts';
import type { Playground } from '../state/use-playground.ts';

interface LimitsDrawerProps {
  readonly opened: boolean;
  readonly onClose: () => void;
  readonly playground: Playground;
}

/** Every limit with its unit, what holds without a word, and the most that can be asked for. */
export function LimitsDrawer({ opened, onClose, playground }: LimitsDrawerProps) {
  const { t } = useTranslation('playground');
  const { state, dispatch } = playground;
  const { language, limits } = state.draft;
  const table = useLimitTable();
  const interactive = state.draft.mode !== 'text';
  const usual = effectiveLimits(table, language, {}, interactive);
  return (
    <Drawer opened={opened} onClose={onClose} title={t('limits.title')}>
      <p>{t('limits.text')}</p>
      <Stack gap="md" mt="md">
        {shownLimits.map((name) => {
          const bound = (interactive && table?.interactive[name]) || table?.limits[name];
          return (
            bound && (
              <LimitField
                key={`${name}${opened}${Object.keys(limits).length === 0}`}
                name={name}
                bound={bound}
                usual={usual[name] ?? 0}
                value={limits[name]}
                onChange={(value) =>
                  dispatch({ type: 'edit', change: { limits: withLimit(limits, name, value) } })
                }
              />
            )
          );
        })}
      </Stack>
      <ModelField playground={playground} />
      <Group mt="lg" justify="space-between">
        <Button
          variant="default"
          disabled={Object.keys(limits).length === 0}
          onClick={() => dispatch({ type: 'edit', change: { limits: {} } })}
        >
          {t('limits.reset')}
        </Button>
        <Button onClick={onClose}>{t('limits.done')}</Button>
      </Group>
    </Drawer>
  );
}

function withLimit(limits: Readonly<Record<string, number>>, name: LimitName, value: number | undefined) {
  const { [name]: _, ...others } = limits;
  return value === undefined ? others : { ...others, [name]: value };
}

const mostChosen = 5;
const mostListed = 12;

/** Which models the program may ask; what was chosen elsewhere and is not in the list stays chosen. */
function ModelField({ playground: { state, dispatch } }: Pick<LimitsDrawerProps, 'playground'>) {
  const { t } = useTranslation('playground');
  const { models } = state.draft;
  const { default: usual, items } = useModels().data ?? { default: null, items: [] };
  const known = [...(usual === null ? [] : ['default']), ...items.map(({ model }) => model)];
  const names = [...new Set([...models, ...known])].slice(0, mostListed).toSorted(byPlaceIn(known));
  return (
    <Checkbox.Group
      mt="md"
      label={t('models.label')}
      description={t(names.length === 0 ? 'models.none' : 'models.text')}
      value={[...models]}
      onChange={(chosen) => dispatch({ type: 'edit', change: { models: chosen } })}
    >
      <Stack gap="xs" mt="xs">
        {names.map((name) => (
          <Checkbox
            key={name}
            value={name}
            label={name === 'default' ? t('models.default', { model: usual ?? '' }) : name}
            disabled={models.length >= mostChosen && !models.includes(name)}
          />
        ))}
      </Stack>
    </Checkbox.Group>
  );
}

function byPlaceIn(known: readonly string[]): (one: string, other: string) => number {
  return (one, other) => known.indexOf(one) - known.indexOf(other);
}

interface LimitFieldProps {
  readonly name: LimitName;
  readonly bound: { readonly least: number; readonly most: number };
  readonly usual: number;
  readonly value: number | undefined;
  onChange(value: number | undefined): void;
}

/** Checked when it is left, never while it is typed; what is out of range is said and not taken. */
function LimitField({ name, bound, usual, value, onChange }: LimitFieldProps) {
  const { t } = useTranslation('playground');
  const { unit, scale } = limitUnits[name];
  const [typed, setTyped] = useState<number | string>(value === undefined ? '' : value / scale);
  const [outside, setOutside] = useState(false);
  const leave = () => {
    const asked = typed === '' ? undefined : Math.round(Number(typed) * scale);
    const wrong = asked !== undefined && !(asked >= bound.least && asked <= bound.most);
    setOutside(wrong);
    if (!wrong) onChange(asked);
  };
  const range = { least: limitWords(name, bound.least), most: limitWords(name, bound.most) };
  return (
    <NumberInput
      label={t(`limits.${name}`)}
      description={t('limits.range', { usual: limitWords(name, usual), most: range.most })}
      error={outside && t('limits.outside', range)}
      suffix={unit === '' ? '' : ` ${unit}`}
      placeholder={limitWords(name, usual)}
      allowNegative={false}
      hideControls
      value={value === undefined && typed === '' ? '' : typed}
      onChange={setTyped}
      onBlur={leave}
    />
  );
}
