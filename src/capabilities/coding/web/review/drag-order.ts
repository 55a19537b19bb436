/** A row of the list as it stands before anything is dragged: pixels from the top of the list. */
export interface RowPlace {
  readonly top: number;
  readonly height: number;
}

/** Takes the item at `from` out and puts it in at `to`; places that are not there change nothing. */
export function moved<Item>(items: readonly Item[], from: number, to: number): readonly Item[] {
  const item = items[from];
  if (item === undefined || from === to || to < 0 || to >= items.length) return items;
  const rest = items.filter((_, index) => index !== from);
  return [...rest.slice(0, to), item, ...rest.slice(to)];
}

/** Where the row at `from` lands when it is let go `distance` pixels below its place: behind all whose middle it has passed. */
export function landing(rows: readonly RowPlace[], from: number, distance: number): number {
  const dragged = rows[from];
  if (!dragged) return from;
  const top = dragged.top + distance;
  const bottom = top + dragged.height;
  const middle = ({ top, height }: RowPlace) => top + height / 2;
  const passedBelow = rows.slice(from + 1).filter((row) => middle(row) < bottom).length;
  const passedAbove = rows.slice(0, from).filter((row) => middle(row) > top).length;
  return from + passedBelow - passedAbove;
}

/** How far another row makes way, in pixels, while the one at `from` is held over `to`. */
export function wayMade(index: number, from: number, to: number, height: number): number {
  if (index > from && index <= to) return -height;
  return index < from && index >= to ? height : 0;
}

/** How far the page scrolls in one frame when the pointer is near an edge of the window, `edge` pixels high. */
export function scrollNear(y: number, windowHeight: number, edge = 56, most = 14): number {
  if (y < edge) return -Math.ceil(most * Math.min(1, (edge - y) / edge));
  const below = y - (windowHeight - edge);
  return below > 0 ? Math.ceil(most * Math.min(1, below / edge)) : 0;
}
