/** A step and the steps that must come before it. */
export interface Dependent {
  readonly id: string;
  readonly dependsOn: readonly string[];
}

/** A place in a layer: a step's, or one that a line passes through on its way to a later layer. */
export interface Slot {
  readonly id: string;
  /** Null where only a line passes. */
  readonly step: string | null;
  readonly before: readonly string[];
}

/** A dependency, through the places that its line passes. */
export interface Route {
  readonly from: string;
  readonly to: string;
  readonly through: readonly string[];
}

const sweeps = 4;

/**
 * Steps in layers, each behind everything that it depends on, ordered so that few lines cross. A dependency that others
 * imply has no route. Dependencies on steps that there are not, and those that close a circle, count as not there.
 */
export function layersOf(steps: readonly Dependent[]): { layers: Slot[][]; routes: Route[] } {
  const depths = depthsOf(steps);
  const layers: Slot[][] = Array.from({ length: Math.max(-1, ...depths.values()) + 1 }, () => []);
  const routes: Route[] = [];
  for (const { id, dependsOn } of steps) {
    const depth = depths.get(id) ?? 0;
    const before: string[] = [];
    for (const from of neededOf(id, new Set(dependsOn), depths, steps)) {
      const start = depths.get(from) ?? 0;
      const route = routeOf(from, id, start, depth);
      routes.push(route);
      before.push(route.through.at(-1) ?? from);
      for (const [index, passed] of route.through.entries())
        layers[start + 1 + index]?.push({
          id: passed,
          step: null,
          before: [route.through[index - 1] ?? from],
        });
    }
    layers[depth]?.push({ id, step: id, before });
  }
  for (let sweep = 0; sweep < sweeps; sweep += 1) untangle(layers, sweep % 2 === 1);
  return { layers, routes };
}

/** Of what a step depends on, that which nothing else of it depends on already. */
function neededOf(
  id: string,
  dependsOn: ReadonlySet<string>,
  depths: ReadonlyMap<string, number>,
  steps: readonly Dependent[],
): string[] {
  const depthOf = (each: string) => depths.get(each) ?? Infinity;
  const earlier = [...dependsOn].filter((each) => depthOf(each) < depthOf(id));
  const implied = new Set<string>();
  const visit = (at: string) => {
    for (const before of steps.find((each) => each.id === at)?.dependsOn ?? []) {
      if (depthOf(before) >= depthOf(at) || implied.has(before)) continue;
      implied.add(before);
      visit(before);
    }
  };
  for (const each of earlier) visit(each);
  return earlier.filter((each) => !implied.has(each));
}

function routeOf(from: string, to: string, start: number, depth: number): Route {
  const through = Array.from({ length: depth - start - 1 }, (_, index) => `${from}→${to}#${index}`);
  return { from, to, through };
}

function depthsOf(steps: readonly Dependent[]): Map<string, number> {
  const known = new Map(steps.map((step) => [step.id, step]));
  const depths = new Map<string, number>();
  const open = new Set<string>();
  const depthOf = (id: string): number => {
    const depth = depths.get(id);
    if (depth !== undefined) return depth;
    open.add(id);
    const before = (known.get(id)?.dependsOn ?? []).filter((each) => known.has(each) && !open.has(each));
    const deepest = Math.max(-1, ...before.map(depthOf)) + 1;
    open.delete(id);
    depths.set(id, deepest);
    return deepest;
  };
  for (const { id } of steps) depthOf(id);
  return depths;
}

/** Moves each place towards the middle of what it hangs on: of what comes before it, or backwards of what comes after. */
function untangle(layers: Slot[][], backwards: boolean): void {
  const order = backwards ? layers.keys().toArray().toReversed() : layers.keys().toArray();
  for (const index of order) {
    const layer = layers[index];
    const beside = layers[backwards ? index + 1 : index - 1];
    if (!layer || !beside) continue;
    const wish = new Map(
      layer.map((slot, place) => {
        const tied = placesTied(slot, beside, backwards);
        const middle = tied.reduce((sum, each) => sum + each, 0) / tied.length;
        return [slot.id, tied.length === 0 ? place : middle];
      }),
    );
    layer.sort((one, other) => (wish.get(one.id) ?? 0) - (wish.get(other.id) ?? 0));
  }
}

function placesTied(slot: Slot, beside: readonly Slot[], backwards: boolean): number[] {
  return [...beside.keys()].filter((place) => {
    const other = beside[place];
    if (!other) return false;
    return backwards ? other.before.includes(slot.id) : slot.before.includes(other.id);
  });
}
