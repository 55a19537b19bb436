CREATE TABLE "budget_allowances" (
	"run_id" uuid NOT NULL,
	"key" text NOT NULL,
	"scope" text NOT NULL,
	"subject" text NOT NULL,
	"unit" text NOT NULL,
	"amount" double precision NOT NULL,
	"day" date NOT NULL,
	"allowed_by" text,
	"allowed_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "budget_allowances_run_id_key_pk" PRIMARY KEY("run_id","key")
);
--> statement-breakpoint
CREATE TABLE "budget_counters" (
	"scope" text NOT NULL,
	"subject" text NOT NULL,
	"day" date NOT NULL,
	"spent_usd" double precision DEFAULT 0 NOT NULL,
	"spent_tokens" bigint DEFAULT 0 NOT NULL,
	"reserved_usd" double precision DEFAULT 0 NOT NULL,
	"reserved_tokens" bigint DEFAULT 0 NOT NULL,
	CONSTRAINT "budget_counters_scope_subject_day_pk" PRIMARY KEY("scope","subject","day")
);
--> statement-breakpoint
CREATE TABLE "budget_rules" (
	"scope" text NOT NULL,
	"subject" text NOT NULL,
	"usd" double precision,
	"tokens" bigint,
	"updated_by" text,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "budget_rules_scope_subject_pk" PRIMARY KEY("scope","subject")
);
--> statement-breakpoint
CREATE TABLE "model_cache" (
	"key" text PRIMARY KEY NOT NULL,
	"answer" json NOT NULL,
	"bytes" integer NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"expires_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "model_calls" (
	"id" uuid PRIMARY KEY NOT NULL,
	"run_id" uuid NOT NULL,
	"step" text,
	"ordinal" integer,
	"purpose" text NOT NULL,
	"model" text NOT NULL,
	"provider" text NOT NULL,
	"user_id" text,
	"repository" text,
	"status" text NOT NULL,
	"error" text,
	"attempts" integer DEFAULT 1 NOT NULL,
	"from_cache" boolean DEFAULT false NOT NULL,
	"estimated" boolean DEFAULT false NOT NULL,
	"input_tokens" bigint DEFAULT 0 NOT NULL,
	"cache_read_tokens" bigint DEFAULT 0 NOT NULL,
	"cache_write_tokens" bigint DEFAULT 0 NOT NULL,
	"output_tokens" bigint DEFAULT 0 NOT NULL,
	"usd" double precision,
	"price" json,
	"reserved_usd" double precision DEFAULT 0 NOT NULL,
	"reserved_tokens" bigint DEFAULT 0 NOT NULL,
	"day" date NOT NULL,
	"first_token_ms" double precision,
	"duration_ms" double precision,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"expires_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "model_days" (
	"day" date NOT NULL,
	"model" text NOT NULL,
	"calls" bigint DEFAULT 0 NOT NULL,
	"failed" bigint DEFAULT 0 NOT NULL,
	"cache_hits" bigint DEFAULT 0 NOT NULL,
	"input_tokens" bigint DEFAULT 0 NOT NULL,
	"output_tokens" bigint DEFAULT 0 NOT NULL,
	"usd" double precision DEFAULT 0 NOT NULL,
	"duration_ms" double precision DEFAULT 0 NOT NULL,
	"last_used_at" timestamp with time zone NOT NULL,
	CONSTRAINT "model_days_day_model_pk" PRIMARY KEY("day","model")
);
--> statement-breakpoint
CREATE INDEX "budget_counters_day" ON "budget_counters" USING btree ("day");--> statement-breakpoint
CREATE INDEX "model_cache_created" ON "model_cache" USING btree ("created_at");--> statement-breakpoint
CREATE INDEX "model_calls_run" ON "model_calls" USING btree ("run_id","id");--> statement-breakpoint
CREATE INDEX "model_calls_open" ON "model_calls" USING btree ("expires_at") WHERE status = 'open';
--> statement-breakpoint
ALTER TABLE "model_cache" SET UNLOGGED;