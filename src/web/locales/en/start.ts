export const start = {
  what: 'What to start',
  title: 'What should be done?',
  lead: 'Everything you start becomes a run: it keeps its steps, its output and its cost, and outlives the worker that it runs on.',
  titleViewer: 'What is being done',
  leadViewer:
    'Your role is viewer: you see every run, and start none. An admin can change that under People.',
  ways: {
    title: 'Ways to start',
    cli: 'From a terminal',
    cliText: 'The exit code is the program’s own.',
    cliCommand: 'gantry exec main.py',
    http: 'Over HTTP',
    httpText: 'From a script, an agent, or CI.',
    key: 'Make a key',
  },
  allInbox: 'Open the inbox',
  latest: 'Pick up where you left off',
  latestAll: 'Latest runs',
  allRuns: 'All runs',
  empty: {
    title: 'Nothing has run yet',
    text: 'Type a program above and press Run. It runs in a sandbox without network, and its run appears here, live.',
    viewer: 'Nobody has started anything yet. Runs appear here as soon as they start.',
  },
};
