import assert from 'node:assert/strict';
import { test } from 'node:test';
import { withKernel } from '../../../test/support/with-kernel.ts';
import { createBundles } from './bundles.ts';

const MiB = 1024 ** 2;

test('uploads at the same time take no more together than their owner may', () =>
  withKernel({ capabilities: [] }, async ({ db }) => {
    const bundles = createBundles(db, { mostBytes: 2 * MiB, perOwnerBytes: 4 * MiB });
    async function* content() {
      for (let n = 0; n < 4; n += 1) yield new Uint8Array(MiB / 2).fill(n);
    }
    const uploads = await Promise.allSettled(
      Array.from({ length: 8 }, () => bundles.upload('mira', content())),
    );
    const [kept] = await db.query<{ bytes: number; all: number }>(
      'SELECT coalesce(sum(length(data)), 0)::int AS bytes, count(DISTINCT bundle_id)::int AS all FROM bundle_chunks',
    );
    assert.ok(kept && kept.bytes <= 4 * MiB, JSON.stringify(kept));
    assert.equal(uploads.filter(({ status }) => status === 'fulfilled').length, kept.all);
    for (const upload of uploads)
      if (upload.status === 'rejected') assert.equal(upload.reason.code, 'LIMIT_REACHED');
    await assert.doesNotReject(bundles.upload('joan', content()));
  }));
