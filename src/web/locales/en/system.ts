export const system = {
  title: 'System',
  pages: 'Pages of System',
  tabs: {
    overview: 'Overview',
    deadLetters: 'Dead letters',
    events: 'Events',
    database: 'Database',
    doctor: 'Doctor',
    settings: 'Settings',
    audit: 'Audit',
  },
};
