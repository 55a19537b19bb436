ALTER TABLE "runs" ADD COLUMN "paused_by" text;--> statement-breakpoint
ALTER TABLE "runs" ADD COLUMN "paused_at" timestamp with time zone;