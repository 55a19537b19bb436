import type { CSSVariablesResolver } from '@mantine/core';

/** The house's six colours; each has one name in both schemes, and its value comes from `tokens.css`. */
export const colorNames = ['ink', 'live', 'you', 'ok', 'bad', 'idle'] as const;

/** Names that Mantine's components ask for by themselves. */
const aliases = { red: 'bad', green: 'ok', blue: 'live', yellow: 'you', gray: 'idle' } as const;

const common: Readonly<Record<string, string>> = {
  '--mantine-color-text': 'var(--g-ink)',
  '--mantine-color-bright': 'var(--g-ink)',
  '--mantine-color-body': 'var(--g-surface)',
  '--mantine-color-dimmed': 'var(--g-text2)',
  '--mantine-color-placeholder': 'var(--g-text3)',
  '--mantine-color-disabled': 'var(--g-hover)',
  '--mantine-color-disabled-color': 'var(--g-text3)',
  '--mantine-color-disabled-border': 'var(--g-line)',
  '--mantine-color-anchor': 'var(--g-live)',
  '--mantine-color-error': 'var(--g-bad)',
  '--mantine-color-success': 'var(--g-ok)',
  '--mantine-color-default': 'var(--g-surface)',
  '--mantine-color-default-hover': 'var(--g-hover)',
  '--mantine-color-default-color': 'var(--g-ink)',
  '--mantine-color-default-border': 'var(--g-control)',
};

function colorVariables(name: string, token: string, shades: boolean): [string, string][] {
  const solid = token === 'you' ? 'var(--g-you-solid)' : `var(--g-${token})`;
  const hover =
    token === 'you' ? 'var(--g-you-solid-hover)' : `color-mix(in srgb, ${solid} 88%, var(--g-ink))`;
  const variables: [string, string][] = [
    [`--mantine-color-${name}-filled`, solid],
    [`--mantine-color-${name}-filled-hover`, token === 'ink' ? 'var(--g-text2)' : hover],
    [`--mantine-color-${name}-light`, `var(--g-${token}-tint)`],
    [`--mantine-color-${name}-light-hover`, `var(--g-${token}-tint)`],
    [`--mantine-color-${name}-light-color`, `var(--g-${token})`],
    [`--mantine-color-${name}-outline`, `var(--g-${token}-line)`],
    [`--mantine-color-${name}-outline-hover`, 'var(--g-hover)'],
    [`--mantine-color-${name}-text`, `var(--g-${token})`],
  ];
  if (!shades) return variables;
  for (let shade = 0; shade < 10; shade += 1)
    variables.push([`--mantine-color-${name}-${shade}`, `var(--g-${token})`]);
  return variables;
}

/** Puts Mantine's own variables onto the tokens, so that no colour of its own shows in either scheme. */
export const resolveVariables: CSSVariablesResolver = () => {
  const all = {
    ...common,
    ...Object.fromEntries(colorNames.flatMap((name) => colorVariables(name, name, true))),
    ...Object.fromEntries(
      Object.entries(aliases).flatMap(([name, token]) => colorVariables(name, token, name !== 'gray')),
    ),
  };
  return { variables: {}, light: all, dark: all };
};
