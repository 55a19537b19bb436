CREATE TABLE "key_rotations" (
	"id" uuid PRIMARY KEY NOT NULL,
	"from_key" text NOT NULL,
	"to_key" text NOT NULL,
	"started_at" timestamp with time zone DEFAULT now() NOT NULL,
	"started_by" text,
	"finished_at" timestamp with time zone,
	"resealed" integer DEFAULT 0 NOT NULL
);
--> statement-breakpoint
CREATE TABLE "repositories" (
	"id" uuid PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"forge" text NOT NULL,
	"base_url" text,
	"remote" text NOT NULL,
	"url" text NOT NULL,
	"web_url" text,
	"default_branch" text,
	"is_private" boolean NOT NULL,
	"auth" text NOT NULL,
	"status" text NOT NULL,
	"problem" text,
	"checked_at" timestamp with time zone NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	"created_by" text
);
--> statement-breakpoint
CREATE TABLE "secret_grants" (
	"scope" text NOT NULL,
	"owner" text NOT NULL,
	"name" text NOT NULL,
	"kind" text NOT NULL,
	"subject" text DEFAULT '' NOT NULL,
	"created_by" text,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "secret_grants_scope_owner_name_kind_subject_pk" PRIMARY KEY("scope","owner","name","kind","subject")
);
--> statement-breakpoint
ALTER TABLE "secrets" ADD COLUMN "last_used_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "secrets" ADD COLUMN "last_used_by" text;--> statement-breakpoint
CREATE UNIQUE INDEX "repositories_name" ON "repositories" USING btree (lower("name"));--> statement-breakpoint
CREATE UNIQUE INDEX "repositories_remote" ON "repositories" USING btree ("forge",coalesce("base_url", ''),lower("remote"));