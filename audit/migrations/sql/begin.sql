-- Makes the rows without which nothing works; does nothing where they are there.
CREATE FUNCTION audit_begin() RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF EXISTS (SELECT FROM audit_installation) THEN
        RETURN;
    END IF;
    INSERT INTO audit_outcome (id, code) VALUES (1, 'success'), (2, 'failure'), (3, 'denied')
        ON CONFLICT DO NOTHING;
    INSERT INTO audit_eventtype (id, code) VALUES (1, '(unregistered)') ON CONFLICT DO NOTHING;
    INSERT INTO audit_environment (id, key) VALUES (1, 'audit-system') ON CONFLICT DO NOTHING;
    -- 32 bytes out of three times 122 random bits.
    INSERT INTO audit_installation (is_only, uuid, id_secret, created_at)
    VALUES (true, gen_random_uuid(), sha256(uuid_send(gen_random_uuid())
        || uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid())), now());
    PERFORM audit_make_partition();
END $$;

-- Where all tables are emptied (Django's `flush`, a test's end), events are emptied with them:
-- Django doesn't know their partitioned tables. Then everything begins anew. An environment's
-- number isn't given again, so that what another process remembers of it never means another one.
CREATE FUNCTION audit_begin_anew() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    leaf regclass;
    last_number int;
BEGIN
    IF EXISTS (SELECT FROM audit_submission) THEN
        RAISE EXCEPTION 'audit_installation holds the secret of what is recorded'
            USING HINT = 'Empty it together with all tables of the log: manage.py flush.';
    END IF;
    SELECT max(substring(t.relid::regclass::text FROM '\d+$')::int) INTO last_number
    FROM pg_partition_tree('audit_event') t WHERE t.isleaf AND t.level = 2;
    FOR leaf IN
        SELECT t.relid
        FROM (VALUES ('audit_event'), ('audit_event_target')) AS p (name),
            pg_partition_tree(p.name::regclass) t
        WHERE t.isleaf AND t.level = 2 AND t.relid::regclass::text !~ '_1$'
    LOOP
        EXECUTE format('DROP TABLE %s', leaf);
    END LOOP;
    TRUNCATE audit_event, audit_event_target;
    PERFORM audit_begin();
    PERFORM setval(pg_get_serial_sequence('audit_eventtype', 'id'), 1),
        setval(pg_get_serial_sequence('audit_environment', 'id'), greatest(last_number, 1));
    RETURN NULL;
END $$;

CREATE TRIGGER audit_begins_anew AFTER TRUNCATE ON audit_installation
    FOR EACH STATEMENT EXECUTE FUNCTION audit_begin_anew();
-- An installation that was emptied before.
SELECT audit_begin();
