import { offerOf } from '../kernel/worker-card.ts';
import type { CapabilityModule } from './capability-module.ts';

/** All that a worker with these capabilities has that a run may need. */
export function offersOf(modules: readonly CapabilityModule[]): string[] {
  return modules.flatMap(({ capability, offers }) =>
    (offers?.() ?? []).map((what) => offerOf(capability.name, what)),
  );
}

/** Tells each capability what all workers together have of its own. */
export function learnOffers(modules: readonly CapabilityModule[], offers: readonly string[] | null): void {
  for (const { capability, learn } of modules) {
    const prefix = offerOf(capability.name, '');
    const own = offers
      ?.filter((offer) => offer.startsWith(prefix))
      .map((offer) => offer.slice(prefix.length));
    learn?.(own ?? null);
  }
}
