-- The roles of the audit log; can be run again. What each may follows with `migrate`.
DO $$
DECLARE
    name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['audit_owner', 'audit_app', 'audit_worker', 'audit_sealer',
        'audit_derive', 'audit_reader', 'audit_erase', 'audit_retain'] LOOP
        IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = name) THEN
            EXECUTE format('CREATE ROLE %I NOLOGIN', name);
        END IF;
    END LOOP;
END $$;
