/** How long a password is, in UTF-16 units; nothing else is asked of one. */
export const passwordLength = { least: 10, most: 128 } as const;

/** How far a password is from being one: characters to add (positive), to leave out (negative), or 0 when it is fit. */
export function passwordGap(password: string): number {
  const { least, most } = passwordLength;
  if (password.length < least) return least - password.length;
  return password.length > most ? most - password.length : 0;
}
