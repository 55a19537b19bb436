/** What the sidebar, the palette and lists say of it: loaded with the first page, unlike the rest. */
export const playgroundNav = {
  kind: 'Execution',
  nav: 'Playground',
  start: 'Run code in the playground',
  about: 'Several files, input, limits and live output.',
};
