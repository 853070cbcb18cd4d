-- What is recorded, and what it was sealed into, is not taken away, by the owner not either; receipts,
-- positions, tiles and checkpoints are not changed either (of events the other guard says what is).
-- The argument is what the table holds: a function of the owner's that takes some of it away by a rule
-- names that in `audit.removes`, for its transaction alone. It is a wall: who owns a table can take its
-- triggers off, and what is missing then is found by verifying.
CREATE FUNCTION audit_keep_evidence() RETURNS trigger
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    IF TG_OP = 'DELETE' AND current_setting('audit.removes', true) = TG_ARGV[0] THEN
        RETURN OLD;
    END IF;
    -- Emptied together with all tables, after which the installation is another one.
    IF TG_OP = 'TRUNCATE'
        AND NOT EXISTS (SELECT FROM audit_installation WHERE created_at < now()) THEN
        RETURN NULL;
    END IF;
    -- Before anything is recorded there is nothing that the installation's name could be taken from.
    IF TG_OP = 'UPDATE' AND TG_ARGV[0] = 'installations'
        AND NOT EXISTS (SELECT FROM audit_submission) THEN
        RETURN NULL;
    END IF;
    RAISE EXCEPTION '% of % is refused: % are evidence', TG_OP, TG_TABLE_NAME, TG_ARGV[0];
END $$;

CREATE TRIGGER audit_event_is_kept BEFORE DELETE ON audit_event
    FOR EACH ROW EXECUTE FUNCTION audit_keep_evidence('events');
CREATE TRIGGER audit_event_is_not_emptied AFTER TRUNCATE ON audit_event
    FOR EACH STATEMENT EXECUTE FUNCTION audit_keep_evidence('events');
CREATE TRIGGER audit_submission_is_kept AFTER UPDATE OR DELETE OR TRUNCATE ON audit_submission
    FOR EACH STATEMENT EXECUTE FUNCTION audit_keep_evidence('receipts');
CREATE TRIGGER audit_position_is_kept AFTER UPDATE OR DELETE OR TRUNCATE ON audit_position
    FOR EACH STATEMENT EXECUTE FUNCTION audit_keep_evidence('positions');
CREATE TRIGGER audit_tilehash_is_kept AFTER UPDATE OR DELETE OR TRUNCATE ON audit_tilehash
    FOR EACH STATEMENT EXECUTE FUNCTION audit_keep_evidence('tiles');
CREATE TRIGGER audit_checkpoint_is_kept AFTER UPDATE OR DELETE OR TRUNCATE ON audit_checkpoint
    FOR EACH STATEMENT EXECUTE FUNCTION audit_keep_evidence('checkpoints');
-- The secret that ids are made with, and the name of the logs.
CREATE TRIGGER audit_installation_is_kept AFTER UPDATE OR DELETE ON audit_installation
    FOR EACH STATEMENT EXECUTE FUNCTION audit_keep_evidence('installations');

-- Triggers of rows come with the table that a leaf is attached to; those of TRUNCATE don't.
CREATE FUNCTION audit_guard_leaf(leaf text) RETURNS void
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    IF leaf !~ '^audit_event_(\d|before|rest)' THEN
        RETURN;  -- of targets, which derive from events
    END IF;
    EXECUTE format('CREATE TRIGGER audit_event_is_not_emptied AFTER TRUNCATE ON %I'
        ' FOR EACH STATEMENT EXECUTE FUNCTION audit_keep_evidence(''events'')', leaf);
END $$;

DO $$
BEGIN
    PERFORM audit_guard_leaf(c.relname)
    FROM pg_partition_tree('audit_event') t JOIN pg_class c ON c.oid = t.relid WHERE t.isleaf;
END $$;
