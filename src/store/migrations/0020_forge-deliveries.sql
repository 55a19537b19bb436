CREATE TABLE "deliveries" (
	"id" uuid PRIMARY KEY NOT NULL,
	"forge" text NOT NULL,
	"forge_id" text,
	"digest" text NOT NULL,
	"delivery" jsonb,
	"received_at" timestamp with time zone DEFAULT now() NOT NULL,
	"tries" integer DEFAULT 0 NOT NULL,
	"taken_until" timestamp with time zone,
	"handled_at" timestamp with time zone,
	"problem" text
);
--> statement-breakpoint
CREATE UNIQUE INDEX "deliveries_digest" ON "deliveries" USING btree ("forge","digest");--> statement-breakpoint
CREATE INDEX "deliveries_forge_id" ON "deliveries" USING btree ("forge","forge_id");--> statement-breakpoint
CREATE INDEX "deliveries_received" ON "deliveries" USING btree ("received_at");--> statement-breakpoint
CREATE INDEX "deliveries_open" ON "deliveries" USING btree ("received_at") WHERE handled_at IS NULL;