export const start = {
  title: 'What should be done?',
};
