import { defaultVariantColorsResolver, type VariantColorsResolver } from '@mantine/core';

/** What text and border a coloured variant has; Mantine's own puts white on everything. */
export const resolveVariant: VariantColorsResolver = (input) => {
  const base = defaultVariantColorsResolver(input);
  const color = input.color ?? input.theme.primaryColor;
  if (input.variant === 'filled') return { ...base, color: `var(--g-on-${tokenOf(color)})` };
  if (input.variant === 'light') return { ...base, border: `1px solid var(--g-${tokenOf(color)}-line)` };
  if (input.variant === 'subtle') {
    return {
      background: 'transparent',
      hover: 'var(--g-hover)',
      color: `var(--g-${tokenOf(color)})`,
      border: '1px solid transparent',
    };
  }
  return base;
};

const tokens: Readonly<Record<string, string>> = {
  red: 'bad',
  green: 'ok',
  blue: 'live',
  yellow: 'you',
  gray: 'idle',
};

function tokenOf(color: string): string {
  return tokens[color] ?? color;
}
