import { metrics } from '../../base/metrics.ts';
import type { SandboxLayers } from '../ports/sandbox.ts';

/** Removes the layers that were longest unused until the rest fits. What is in use stays. */
export async function trimLayers(layers: SandboxLayers, mostBytes: number): Promise<void> {
  const all = (await layers.list()).toSorted((one, other) => one.usedAt.getTime() - other.usedAt.getTime());
  let bytes = all.reduce((sum, layer) => sum + layer.bytes, 0);
  for (const { tenant, key, bytes: freed } of all) {
    if (bytes <= mostBytes) break;
    if (await layers.remove(tenant, key)) bytes -= freed;
  }
  metrics.workspaceBytes(bytes);
}
