export const playground = {
  kind: 'Execution',
  nav: 'Playground',
  title: 'Playground',
};
