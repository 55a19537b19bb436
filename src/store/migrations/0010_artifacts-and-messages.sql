CREATE TABLE "artifact_chunks" (
	"artifact_id" uuid NOT NULL,
	"n" integer NOT NULL,
	"run_id" uuid NOT NULL,
	"data" "bytea" NOT NULL,
	CONSTRAINT "artifact_chunks_artifact_id_n_pk" PRIMARY KEY("artifact_id","n")
);
--> statement-breakpoint
CREATE TABLE "artifacts" (
	"id" uuid PRIMARY KEY NOT NULL,
	"run_id" uuid NOT NULL,
	"step" text NOT NULL,
	"ordinal" integer NOT NULL,
	"position" integer NOT NULL,
	"name" text NOT NULL,
	"bytes" integer NOT NULL,
	"sha256" text NOT NULL,
	"media_type" text NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "artifacts_name" UNIQUE("run_id","step","ordinal","name")
);
--> statement-breakpoint
ALTER TABLE "signals" ADD COLUMN "seq" integer;--> statement-breakpoint
ALTER TABLE "signals" ADD COLUMN "total_bytes" bigint;--> statement-breakpoint
CREATE INDEX "artifact_chunks_run" ON "artifact_chunks" USING btree ("run_id");--> statement-breakpoint
CREATE UNIQUE INDEX "signals_order" ON "signals" USING btree ("run_id","seq") WHERE seq IS NOT NULL;--> statement-breakpoint
ALTER TABLE "artifact_chunks" ALTER COLUMN "data" SET STORAGE EXTERNAL;