CREATE TABLE "events" (
	"run_id" uuid NOT NULL,
	"seq" integer NOT NULL,
	"at" timestamp with time zone NOT NULL,
	"type" text NOT NULL,
	"data" json NOT NULL,
	CONSTRAINT "events_run_id_seq_pk" PRIMARY KEY("run_id","seq")
);
--> statement-breakpoint
CREATE TABLE "runs" (
	"id" uuid PRIMARY KEY NOT NULL,
	"capability" text NOT NULL,
	"title" text NOT NULL,
	"status" text NOT NULL,
	"priority" smallint NOT NULL,
	"input" json NOT NULL,
	"output" json,
	"error" json,
	"budget" json,
	"usage" json DEFAULT '{}'::json NOT NULL,
	"user_id" text,
	"share_key" text NOT NULL,
	"repository" text,
	"trigger" json NOT NULL,
	"parent_id" uuid,
	"origin_id" uuid,
	"origin_kind" text,
	"idempotency_key" text,
	"idempotency_hash" text,
	"attempt" integer DEFAULT 1 NOT NULL,
	"claim" integer DEFAULT 0 NOT NULL,
	"worker_id" text,
	"last_seq" integer DEFAULT 0 NOT NULL,
	"waiting_for" text,
	"wake_at" timestamp with time zone,
	"cancel_by" text,
	"cancel_at" timestamp with time zone,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"queued_at" timestamp with time zone DEFAULT now() NOT NULL,
	"available_at" timestamp with time zone DEFAULT now() NOT NULL,
	"started_at" timestamp with time zone,
	"finished_at" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "schedules" (
	"id" uuid PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"capability" text NOT NULL,
	"input" json NOT NULL,
	"priority" smallint NOT NULL,
	"cron" text NOT NULL,
	"time_zone" text NOT NULL,
	"user_id" text,
	"enabled" boolean DEFAULT true NOT NULL,
	"next_at" timestamp with time zone NOT NULL,
	"last_run_id" uuid,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "schedules_name_unique" UNIQUE("name")
);
--> statement-breakpoint
CREATE TABLE "signals" (
	"id" uuid PRIMARY KEY NOT NULL,
	"run_id" uuid NOT NULL,
	"name" text NOT NULL,
	"payload" json,
	"sent_by" text,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"consumed_at" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "steps" (
	"run_id" uuid NOT NULL,
	"name" text NOT NULL,
	"ordinal" integer NOT NULL,
	"position" integer NOT NULL,
	"kind" text NOT NULL,
	"status" text NOT NULL,
	"output" json,
	"error" json,
	"attempts" integer DEFAULT 1 NOT NULL,
	"compensates" boolean DEFAULT false NOT NULL,
	"signal_name" text,
	"child_id" uuid,
	"due_at" timestamp with time zone,
	"started_at" timestamp with time zone DEFAULT now() NOT NULL,
	"finished_at" timestamp with time zone,
	CONSTRAINT "steps_run_id_name_ordinal_pk" PRIMARY KEY("run_id","name","ordinal")
);
--> statement-breakpoint
CREATE TABLE "workers" (
	"id" text PRIMARY KEY NOT NULL,
	"host" text NOT NULL,
	"pid" integer NOT NULL,
	"slots" integer NOT NULL,
	"busy" integer DEFAULT 0 NOT NULL,
	"started_at" timestamp with time zone DEFAULT now() NOT NULL,
	"beat_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE INDEX "runs_queued" ON "runs" USING btree ("share_key","priority","queued_at") WHERE status = 'queued';--> statement-breakpoint
CREATE INDEX "runs_running" ON "runs" USING btree ("worker_id") WHERE status = 'running';--> statement-breakpoint
CREATE INDEX "runs_waiting" ON "runs" USING btree ("wake_at") WHERE status = 'waiting';--> statement-breakpoint
CREATE INDEX "runs_parent" ON "runs" USING btree ("parent_id") WHERE parent_id IS NOT NULL;--> statement-breakpoint
CREATE INDEX "runs_finished" ON "runs" USING btree ("finished_at") WHERE finished_at IS NOT NULL;--> statement-breakpoint
CREATE INDEX "runs_user" ON "runs" USING btree ("user_id","id");--> statement-breakpoint
CREATE UNIQUE INDEX "runs_idempotency" ON "runs" USING btree ("share_key","idempotency_key") WHERE idempotency_key IS NOT NULL;--> statement-breakpoint
CREATE INDEX "schedules_next" ON "schedules" USING btree ("next_at");--> statement-breakpoint
CREATE INDEX "signals_open" ON "signals" USING btree ("run_id","name","id") WHERE consumed_at IS NULL;--> statement-breakpoint
CREATE INDEX "signals_run" ON "signals" USING btree ("run_id");