CREATE TABLE "inbox_archive" (
	"user_id" text NOT NULL,
	"item_id" uuid NOT NULL,
	"at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "inbox_archive_user_id_item_id_pk" PRIMARY KEY("user_id","item_id")
);
--> statement-breakpoint
CREATE TABLE "inbox" (
	"id" uuid PRIMARY KEY NOT NULL,
	"kind" text NOT NULL,
	"user_id" text,
	"role" text,
	"run_id" uuid NOT NULL,
	"step" text,
	"ordinal" integer,
	"capability" text NOT NULL,
	"title" text NOT NULL,
	"headline" text NOT NULL,
	"code" text,
	"count" integer DEFAULT 1 NOT NULL,
	"group_key" text,
	"due_at" timestamp with time zone,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"last_at" timestamp with time zone DEFAULT now() NOT NULL,
	"resolved_at" timestamp with time zone,
	"resolution" text,
	"notified_at" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "notifications" (
	"id" uuid PRIMARY KEY NOT NULL,
	"item_id" uuid NOT NULL,
	"user_id" text NOT NULL,
	"channel" text NOT NULL,
	"state" text DEFAULT 'due' NOT NULL,
	"held" boolean DEFAULT false NOT NULL,
	"attempts" integer DEFAULT 0 NOT NULL,
	"due_at" timestamp with time zone DEFAULT now() NOT NULL,
	"claimed_until" timestamp with time zone,
	"message_id" uuid,
	"error" text,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"ended_at" timestamp with time zone,
	CONSTRAINT "notifications_once" UNIQUE("item_id","user_id","channel")
);
--> statement-breakpoint
ALTER TABLE "runs" ADD COLUMN "asks" json;--> statement-breakpoint
ALTER TABLE "signals" ADD COLUMN "answers" integer;--> statement-breakpoint
ALTER TABLE "signals" ADD COLUMN "given" json;--> statement-breakpoint
ALTER TABLE "steps" ADD COLUMN "question" json;--> statement-breakpoint
CREATE INDEX "inbox_archive_item" ON "inbox_archive" USING btree ("item_id");--> statement-breakpoint
CREATE INDEX "inbox_waiting" ON "inbox" USING btree ("user_id","role") WHERE kind = 'question' AND resolved_at IS NULL;--> statement-breakpoint
CREATE INDEX "inbox_user" ON "inbox" USING btree ("user_id","last_at") WHERE user_id IS NOT NULL;--> statement-breakpoint
CREATE INDEX "inbox_role" ON "inbox" USING btree ("role","last_at") WHERE role IS NOT NULL;--> statement-breakpoint
CREATE INDEX "inbox_run" ON "inbox" USING btree ("run_id");--> statement-breakpoint
CREATE UNIQUE INDEX "inbox_question" ON "inbox" USING btree ("run_id","step","ordinal") WHERE kind = 'question';--> statement-breakpoint
CREATE UNIQUE INDEX "inbox_group" ON "inbox" USING btree ("group_key") WHERE group_key IS NOT NULL;--> statement-breakpoint
CREATE INDEX "inbox_to_notify" ON "inbox" USING btree ("created_at") WHERE notified_at IS NULL;--> statement-breakpoint
CREATE INDEX "notifications_due" ON "notifications" USING btree ("due_at") WHERE state = 'due';--> statement-breakpoint
CREATE INDEX "notifications_user" ON "notifications" USING btree ("user_id","channel","ended_at");