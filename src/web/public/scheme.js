// Sets the colour scheme before the first paint, so that a dark page doesn't flash white.
const kept = localStorage.getItem('gantry-scheme');
const dark = kept === 'dark' || (kept !== 'light' && matchMedia('(prefers-color-scheme: dark)').matches);
document.documentElement.dataset.mantineColorScheme = dark ? 'dark' : 'light';
