CREATE TABLE "usage_days" (
	"day" date NOT NULL,
	"capability" text NOT NULL,
	"repository" text NOT NULL,
	"user_id" text NOT NULL,
	"status" text NOT NULL,
	"runs" bigint NOT NULL,
	"wall_ms" double precision DEFAULT 0 NOT NULL,
	"cpu_ms" double precision DEFAULT 0 NOT NULL,
	"tokens" double precision DEFAULT 0 NOT NULL,
	"usd" double precision DEFAULT 0 NOT NULL
);
--> statement-breakpoint
CREATE TABLE "usage_mark" (
	"id" text PRIMARY KEY NOT NULL,
	"rolled_to" timestamp with time zone NOT NULL
);
--> statement-breakpoint
DROP INDEX "runs_parent";--> statement-breakpoint
CREATE UNIQUE INDEX "usage_days_key" ON "usage_days" USING btree ("day","user_id","capability","repository","status");--> statement-breakpoint
CREATE INDEX "runs_repository" ON "runs" USING btree ("repository","id") WHERE repository IS NOT NULL;--> statement-breakpoint
CREATE INDEX "runs_trigger" ON "runs" USING btree ((trigger ->> 'kind'),"id");--> statement-breakpoint
CREATE INDEX "runs_active" ON "runs" USING btree ("status","id") WHERE status IN ('queued', 'running', 'waiting');--> statement-breakpoint
CREATE INDEX "runs_parent" ON "runs" USING btree ("parent_id","id") WHERE parent_id IS NOT NULL;