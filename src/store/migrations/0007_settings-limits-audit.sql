CREATE TABLE "audit" (
	"id" uuid PRIMARY KEY NOT NULL,
	"at" timestamp with time zone NOT NULL,
	"user_id" text NOT NULL,
	"key_id" text,
	"name" text NOT NULL,
	"address" text NOT NULL,
	"operation" text NOT NULL,
	"summary" text NOT NULL,
	"kind" text NOT NULL,
	"target" text NOT NULL,
	"changes" json NOT NULL,
	"status" smallint NOT NULL,
	"code" text
);
--> statement-breakpoint
CREATE TABLE "settings_versions" (
	"scope" text NOT NULL,
	"version" integer NOT NULL,
	"user_id" text,
	"at" timestamp with time zone DEFAULT now() NOT NULL,
	"by_id" text NOT NULL,
	"by_name" text NOT NULL,
	"note" text DEFAULT '' NOT NULL,
	"overrides" json NOT NULL,
	"changes" json NOT NULL,
	"restored" integer,
	CONSTRAINT "settings_versions_scope_version_pk" PRIMARY KEY("scope","version")
);
--> statement-breakpoint
CREATE TABLE "user_limits" (
	"user_id" text PRIMARY KEY NOT NULL,
	"requests_per_minute" integer,
	"running" integer,
	"queued" integer,
	"updated_by" text NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
ALTER TABLE "settings_versions" ADD CONSTRAINT "settings_versions_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "user_limits" ADD CONSTRAINT "user_limits_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "audit_user" ON "audit" USING btree ("user_id","id");--> statement-breakpoint
CREATE INDEX "audit_kind" ON "audit" USING btree ("kind","id");--> statement-breakpoint
CREATE INDEX "audit_target" ON "audit" USING btree ("target","id") WHERE target <> '';--> statement-breakpoint
CREATE INDEX "audit_refused" ON "audit" USING btree ("id") WHERE code IS NOT NULL;--> statement-breakpoint
CREATE FUNCTION audit_only_grows() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
	IF TG_OP = 'DELETE' AND current_setting('gantry.audit_retention', true) = 'on' THEN
		RETURN OLD;
	END IF;
	RAISE EXCEPTION 'The audit log is only added to; % is refused.', TG_OP USING ERRCODE = 'insufficient_privilege';
END
$$;--> statement-breakpoint
CREATE TRIGGER audit_only_grows BEFORE UPDATE OR DELETE ON "audit" FOR EACH ROW EXECUTE FUNCTION audit_only_grows();--> statement-breakpoint
CREATE TRIGGER audit_not_truncated BEFORE TRUNCATE ON "audit" FOR EACH STATEMENT EXECUTE FUNCTION audit_only_grows();
