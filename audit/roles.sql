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
ALTER ROLE audit_reader SET default_transaction_read_only = on;
ALTER ROLE audit_reader SET statement_timeout = '60s';
