CREATE TABLE "bundle_chunks" (
	"bundle_id" uuid NOT NULL,
	"n" integer NOT NULL,
	"data" "bytea" NOT NULL,
	CONSTRAINT "bundle_chunks_bundle_id_n_pk" PRIMARY KEY("bundle_id","n")
);
--> statement-breakpoint
CREATE TABLE "bundle_uses" (
	"bundle_id" uuid NOT NULL,
	"run_id" uuid NOT NULL,
	CONSTRAINT "bundle_uses_bundle_id_run_id_pk" PRIMARY KEY("bundle_id","run_id")
);
--> statement-breakpoint
CREATE TABLE "bundles" (
	"id" uuid PRIMARY KEY NOT NULL,
	"run_id" uuid,
	"step" text,
	"ordinal" integer,
	"commit" text,
	"before" text,
	"depth" integer DEFAULT 0 NOT NULL,
	"owner_id" text,
	"complete" boolean DEFAULT false NOT NULL,
	"bytes" bigint DEFAULT 0 NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE INDEX "bundle_uses_run" ON "bundle_uses" USING btree ("run_id");--> statement-breakpoint
CREATE INDEX "bundles_run" ON "bundles" USING btree ("run_id");--> statement-breakpoint
CREATE INDEX "bundles_commit" ON "bundles" USING btree ("commit");--> statement-breakpoint
CREATE INDEX "bundles_owner" ON "bundles" USING btree ("owner_id");