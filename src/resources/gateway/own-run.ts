/**
 * SQL: true when the run `$2` is there and belongs to another claim or worker than `$3` and `$4`. Without a claim nobody
 * asks for a run's step, and it is false.
 */
export const ownerGone = `EXISTS (
  SELECT FROM runs WHERE id = $2::uuid AND $3::int IS NOT NULL AND (claim <> $3 OR worker_id IS DISTINCT FROM $4))`;
