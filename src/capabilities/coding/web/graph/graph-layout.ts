import { layersOf, type Dependent, type Route, type Slot } from './layers.ts';

export interface GraphSize {
  readonly width: number;
  readonly height: number;
  /** Between two layers, and between two steps of one. */
  readonly gap: number;
  readonly rowGap: number;
}

export interface PlacedStep {
  readonly id: string;
  readonly x: number;
  readonly y: number;
}

export interface PlacedLine {
  readonly from: string;
  readonly to: string;
  /** As an SVG path takes it. */
  readonly path: string;
}

/** Where everything stands, in pixels from the top left corner. */
export interface GraphLayout {
  readonly width: number;
  readonly height: number;
  readonly steps: readonly PlacedStep[];
  readonly lines: readonly PlacedLine[];
}

export const graphSize: GraphSize = { width: 172, height: 48, gap: 40, rowGap: 12 };

/** So much room a line has that passes a layer. */
const passing = 8;

/** Places steps from left to right, each behind what it depends on, with lines between those that none other implies. */
export function layoutGraph(steps: readonly Dependent[], size: GraphSize = graphSize): GraphLayout {
  const { layers, routes } = layersOf(steps);
  const tall = Math.max(0, ...layers.map((layer) => heightOf(layer, size)));
  const places = new Map<string, { x: number; y: number }>();
  for (const [column, layer] of layers.entries()) {
    let y = (tall - heightOf(layer, size)) / 2;
    for (const slot of layer) {
      places.set(slot.id, { x: column * (size.width + size.gap), y });
      y += slotHeight(slot, size) + size.rowGap;
    }
  }
  return {
    width: Math.max(0, layers.length * (size.width + size.gap) - size.gap),
    height: tall,
    steps: steps.map(({ id }) => ({ id, ...(places.get(id) ?? { x: 0, y: 0 }) })),
    lines: routes.map((route) => ({
      from: route.from,
      to: route.to,
      path: pathOf(route, places, size),
    })),
  };
}

const slotHeight = ({ step }: Slot, size: GraphSize) => (step === null ? passing : size.height);

function heightOf(layer: readonly Slot[], size: GraphSize): number {
  const all = layer.reduce((sum, slot) => sum + slotHeight(slot, size), 0);
  return all + Math.max(0, layer.length - 1) * size.rowGap;
}

function pathOf(
  { from, to, through }: Route,
  places: ReadonlyMap<string, { x: number; y: number }>,
  { width, height }: GraphSize,
): string {
  const at = (id: string) => places.get(id) ?? { x: 0, y: 0 };
  let x = at(from).x + width;
  let y = at(from).y + height / 2;
  const parts = [`M${x} ${y}`];
  const curveTo = (nextX: number, nextY: number) => {
    const middle = (x + nextX) / 2;
    parts.push(`C${middle} ${y} ${middle} ${nextY} ${nextX} ${nextY}`);
    [x, y] = [nextX, nextY];
  };
  for (const id of through) {
    const place = at(id);
    curveTo(place.x, place.y + passing / 2);
    x = place.x + width;
    parts.push(`H${x}`);
  }
  curveTo(at(to).x, at(to).y + height / 2);
  return parts.join('');
}
