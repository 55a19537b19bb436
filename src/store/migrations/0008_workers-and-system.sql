CREATE TABLE "backups" (
	"at" timestamp with time zone PRIMARY KEY NOT NULL,
	"file" text NOT NULL,
	"bytes" bigint NOT NULL,
	"version" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "lost_workers" (
	"id" text PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"host" text NOT NULL,
	"pid" integer NOT NULL,
	"slots" integer NOT NULL,
	"version" text,
	"how" text NOT NULL,
	"started_at" timestamp with time zone NOT NULL,
	"beat_at" timestamp with time zone NOT NULL,
	"lost_at" timestamp with time zone DEFAULT now() NOT NULL,
	"run_ids" uuid[] NOT NULL
);
--> statement-breakpoint
ALTER TABLE "runs" ADD COLUMN "needs" text;--> statement-breakpoint
ALTER TABLE "workers" ADD COLUMN "name" text;--> statement-breakpoint
ALTER TABLE "workers" ADD COLUMN "version" text;--> statement-breakpoint
ALTER TABLE "workers" ADD COLUMN "capabilities" text[];--> statement-breakpoint
ALTER TABLE "workers" ADD COLUMN "offers" text[];--> statement-breakpoint
ALTER TABLE "workers" ADD COLUMN "figures" json;--> statement-breakpoint
ALTER TABLE "workers" ADD COLUMN "drain_at" timestamp with time zone;--> statement-breakpoint
CREATE INDEX "lost_workers_lost" ON "lost_workers" USING btree ("lost_at");--> statement-breakpoint
CREATE INDEX "runs_origin" ON "runs" USING btree ("origin_id") WHERE origin_id IS NOT NULL;