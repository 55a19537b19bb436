/** What lists and the sidebar say of it: loaded with the first page, unlike the rest. */
export const askNav = {
  kind: 'Question',
  nav: 'Ask',
  start: 'Ask about a repository',
  about: 'An agent reads, searches and runs commands in a sandbox, and answers with the places it found.',
};
