import type { ITheme } from '@xterm/xterm';

/** The colours of a terminal, read from the tokens of the present scheme. */
export function terminalTheme(): ITheme {
  const style = getComputedStyle(document.documentElement);
  const token = (name: string) => style.getPropertyValue(`--g-${name}`).trim();
  const [ink, bad, ok, you, live] = ['ink', 'bad', 'ok', 'you', 'live'].map(token);
  const [text2, text3, sunken, tint] = ['text2', 'text3', 'sunken', 'live-tint'].map(token);
  const colours = {
    ...(ink && { foreground: ink, black: ink, white: ink, brightWhite: ink }),
    ...(sunken && { background: sunken, cursorAccent: sunken }),
    ...(bad && { red: bad, brightRed: bad }),
    ...(ok && { green: ok, brightGreen: ok }),
    ...(you && { yellow: you, brightYellow: you }),
    ...(live && { blue: live, cyan: live, cursor: live, brightBlue: live, brightCyan: live }),
    ...(text2 && { magenta: text2, brightMagenta: text2 }),
    ...(text3 && { brightBlack: text3 }),
    ...(tint && { selectionBackground: tint }),
  };
  return colours;
}
