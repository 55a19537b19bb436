/** What lists and the sidebar say of it: loaded with the first page, unlike the rest. */
export const codingNav = {
  kind: 'Session',
  nav: 'Sessions',
  start: 'Start a session',
  about: 'Agree on goal and plan; agents write, prove and commit the change, and open a pull request.',
  tabs: { work: 'Work', agreed: 'Goal and plan', diff: 'Diff' },
};
