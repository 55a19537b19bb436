/** Menus open inside the page's `main`, so that what they hold belongs to a landmark. */
export const menuPlace = { target: '#content' } as const;
