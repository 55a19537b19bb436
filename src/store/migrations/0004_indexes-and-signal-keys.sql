ALTER TABLE "signals" ADD COLUMN "idempotency_key" text;--> statement-breakpoint
CREATE INDEX "runs_capability" ON "runs" USING btree ("capability","id");--> statement-breakpoint
CREATE INDEX "runs_ended_badly" ON "runs" USING btree ("status","id") WHERE status IN ('failed', 'cancelled', 'dead');--> statement-breakpoint
CREATE UNIQUE INDEX "signals_idempotency" ON "signals" USING btree ("run_id","idempotency_key") WHERE idempotency_key IS NOT NULL;