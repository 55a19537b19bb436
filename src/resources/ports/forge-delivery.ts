import { z } from 'zod';

/*
 * Deliveries: what a forge sends when something happens there. The API takes them, `drivers/forges/*` read them, and
 * capabilities hear them. Every text in them is a stranger's.
 */

const said = z.object({ id: z.string(), body: z.string() });
const number = z.int().positive();
/** The pull's own branch, where the delivery says it. */
const branch = z.string().nullable();

const common = {
  forge: z.enum(['github', 'gitlab']),
  /** `acme/shop`, as the forge calls it. */
  repository: z.string(),
  /** The address of its page, which tells which forge it is of. */
  pageUrl: z.url({ protocol: /^https?$/ }),
  /** The login of who did it. */
  actor: z.string().min(1),
  /** As far as the forge tells. */
  byBot: z.boolean(),
};

export const forgeDeliverySchema = z.discriminatedUnion('kind', [
  z.object({
    ...common,
    kind: z.literal('issue-labelled'),
    number,
    title: z.string(),
    labels: z.array(z.string()),
  }),
  z.object({ ...common, kind: z.literal('issue-commented'), number, title: z.string(), comment: said }),
  z.object({ ...common, kind: z.literal('pull-commented'), number, branch, comment: said }),
  z.object({ ...common, kind: z.literal('pull-reviewed'), number, branch }),
  z.object({ ...common, kind: z.literal('pull-pushed'), number, branch }),
  z.object({ ...common, kind: z.literal('pull-closed'), number, branch }),
  z.object({ ...common, kind: z.literal('pull-merged'), number, branch }),
  z.object({ ...common, kind: z.literal('checks-finished'), commit: z.string(), branch }),
]);
export type ForgeDelivery = z.infer<typeof forgeDeliverySchema>;

export interface WebhookRequest {
  readonly header: (name: string) => string | undefined;
  /** As it came: signatures are over bytes. */
  readonly body: Uint8Array;
}

/** `id` is the forge's own name of this delivery; `delivery` is null for what nobody here needs to hear of. */
export type ReadWebhook =
  | { readonly kind: 'unsigned' }
  | { readonly kind: 'signed'; readonly id: string | null; readonly delivery: ForgeDelivery | null };

/** Reads what a forge sent, if one of the secrets signed it. Throws INPUT_INVALID for a signed body that is no JSON. */
export type WebhookReader = (request: WebhookRequest, secrets: readonly string[]) => ReadWebhook;
