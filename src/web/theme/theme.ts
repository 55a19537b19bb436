import { createTheme, type MantineColorsTuple } from '@mantine/core';
import { colorNames } from './variables.ts';
import { resolveVariant } from './variants.ts';

// What is seen comes from tokens.css; Mantine only wants to hold ten of each.
const constant: MantineColorsTuple = [
  '#50544f',
  '#50544f',
  '#50544f',
  '#50544f',
  '#50544f',
  '#50544f',
  '#50544f',
  '#50544f',
  '#50544f',
  '#50544f',
];
const dark: MantineColorsTuple = [
  '#eceeeb',
  '#c9ceca',
  '#aeb4b0',
  '#8f9692',
  '#3c4442',
  '#2a302f',
  '#161a19',
  '#161a19',
  '#121615',
  '#0f1211',
];
const gray: MantineColorsTuple = [
  '#fafaf7',
  '#f5f5f1',
  '#eeeee9',
  '#e0e0d9',
  '#c9cac2',
  '#8a8d86',
  '#666a64',
  '#50544f',
  '#343837',
  '#181b1a',
];

const close = { closeButtonProps: { 'aria-label': 'Close' } };

/** Mantine as interface of the house: sizes, radii and defaults that keep to the tokens and to WCAG AA. */
export const theme = createTheme({
  primaryColor: 'ink',
  colors: { ...Object.fromEntries(colorNames.map((name) => [name, constant])), dark, gray },
  variantColorResolver: resolveVariant,
  fontFamily: 'var(--g-text)',
  fontFamilyMonospace: 'var(--g-mono)',
  headings: { fontFamily: 'var(--g-text)', fontWeight: '600' },
  defaultRadius: 5,
  cursorType: 'pointer',
  respectReducedMotion: true,
  focusRing: 'auto',
  fontSizes: { xs: '12px', sm: '13px', md: '14px', lg: '15px', xl: '18px' },
  spacing: { xs: '4px', sm: '8px', md: '12px', lg: '16px', xl: '24px' },
  // By name and not through the components, so that those that a page doesn't use aren't loaded.
  components: {
    Button: { defaultProps: { size: 'sm' }, classNames: { root: 'g-button' } },
    Badge: { defaultProps: { variant: 'light', color: 'idle', radius: 3, size: 'sm' } },
    Checkbox: { defaultProps: { iconColor: 'var(--g-onink)' } },
    Radio: { defaultProps: { iconColor: 'var(--g-onink)' } },
    Switch: { defaultProps: { color: 'live' } },
    Menu: { defaultProps: { withInitialFocusPlaceholder: false, shadow: 'g' } },
    Modal: {
      defaultProps: { ...close, centered: true, radius: 8, transitionProps: { duration: 120 } },
    },
    Drawer: {
      defaultProps: { ...close, position: 'right', size: 400, transitionProps: { duration: 120 } },
    },
    PasswordInput: {
      defaultProps: { visibilityToggleButtonProps: { tabIndex: 0, 'aria-hidden': false } },
    },
    Notification: { defaultProps: close },
    Tooltip: {
      defaultProps: { color: 'ink', openDelay: 300, events: { hover: true, focus: true, touch: true } },
    },
  },
  shadows: { g: 'var(--g-shadow)', md: 'var(--g-shadow)', xl: 'var(--g-shadow)' },
});
