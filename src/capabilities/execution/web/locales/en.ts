export const playground = {
  kind: 'Execution',
  nav: 'Playground',
  start: 'Run code in the playground',
  title: 'Playground',
};
