CREATE INDEX "audit_operation" ON "audit" USING btree ("operation","id");--> statement-breakpoint
CREATE INDEX "audit_user_kind" ON "audit" USING btree ("user_id","kind","id");--> statement-breakpoint
CREATE INDEX "audit_user_refused" ON "audit" USING btree ("user_id","id") WHERE code IS NOT NULL;--> statement-breakpoint
CREATE INDEX "audit_kind_refused" ON "audit" USING btree ("kind","id") WHERE code IS NOT NULL;