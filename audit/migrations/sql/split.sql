-- Months are taken out of "before" by copying all that it holds into new tables, which then take its
-- place: so nothing dead stays, and the log is locked for no longer than that takes. In steps:
-- audit_begin_split, audit_follow_split until little is left to copy, audit_end_split. Between them
-- the copies lie in tables of their own, `…_split`; who splits holds an advisory lock.

-- Makes whatever leaves of registered environments the copies of a table lack.
CREATE FUNCTION audit_split_leaves(parent text) RETURNS void
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
    branch text;
    leaf text;
    number smallint;
    settings text;
BEGIN
    SELECT min(array_to_string(c.reloptions, ', ')) INTO settings
    FROM pg_partition_tree(to_regclass(parent || '_before')) t JOIN pg_class c ON c.oid = t.relid
    WHERE t.isleaf;
    FOR branch, number IN
        SELECT c.relname, e.id
        FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid, audit_environment e
        WHERE i.inhparent = to_regclass(parent || '_split') ORDER BY c.relname, e.id
    LOOP
        leaf := branch || '_' || number;
        CONTINUE WHEN to_regclass(leaf) IS NOT NULL;
        EXECUTE format('CREATE TABLE %I (LIKE %I INCLUDING DEFAULTS INCLUDING CONSTRAINTS)',
            leaf, branch) || coalesce(format(' WITH (%s)', settings), '');
        EXECUTE format('ALTER TABLE %I ATTACH PARTITION %I FOR VALUES IN (%s)',
            branch, leaf, number);
    END LOOP;
END $$;

-- Drops the copies that an ended attempt has left.
CREATE FUNCTION audit_drop_split() RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    DROP TABLE IF EXISTS audit_event_split, audit_event_target_split;
END $$;

-- Copies what "before" holds, while it is read and written; months from the given one on apart.
-- Returns from where on to follow, NULL where there is nothing to split.
CREATE FUNCTION audit_begin_split(from_month date) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    since text := pg_snapshot_xmin(pg_current_snapshot())::xid::text;
    wanted date := date_trunc('month', from_month);
    first_month date;
    each_month date;
    parent text;
    key_column text;
    branch text;
    bounds text;
    lower text;
    upper text;
    one record;
BEGIN
    SELECT min(m) INTO first_month FROM audit_months() m;
    IF wanted >= first_month THEN
        RETURN NULL;
    END IF;
    IF wanted < date '2000-01-01' THEN
        RAISE EXCEPTION 'no event is older than the year 2000, so % needs no partition', wanted;
    END IF;
    PERFORM audit_drop_split();
    FOREACH parent IN ARRAY ARRAY['audit_event', 'audit_event_target'] LOOP
        key_column := CASE parent WHEN 'audit_event' THEN 'id' ELSE 'event_id' END;
        EXECUTE format('CREATE TABLE %I (LIKE %I INCLUDING DEFAULTS INCLUDING CONSTRAINTS)'
            ' PARTITION BY RANGE (%I)', parent || '_split', parent, key_column);
        each_month := NULL;
        WHILE each_month IS NULL OR each_month < first_month LOOP
            branch := parent || '_' || coalesce(to_char(each_month, 'YYYYMM'), 'rest');
            lower := quote_nullable(audit_id_floor(each_month::timestamp AT TIME ZONE 'UTC'));
            each_month := coalesce(each_month + interval '1 month', wanted);
            upper := quote_literal(audit_id_floor(each_month::timestamp AT TIME ZONE 'UTC'));
            -- With such a constraint a table is attached unread.
            bounds := format('%I < %s', key_column, upper)
                || CASE lower WHEN 'NULL' THEN '' ELSE format(' AND %I >= %s', key_column, lower) END;
            EXECUTE format('CREATE TABLE %I (LIKE %I INCLUDING DEFAULTS INCLUDING CONSTRAINTS,'
                ' CONSTRAINT audit_split_bounds CHECK (%s)) PARTITION BY LIST (environment)',
                branch, parent, bounds);
            EXECUTE format('ALTER TABLE %I ATTACH PARTITION %I FOR VALUES FROM (%s) TO (%s)',
                parent || '_split', branch,
                CASE lower WHEN 'NULL' THEN 'MINVALUE' ELSE lower END, upper);
        END LOOP;
        PERFORM audit_split_leaves(parent);
        EXECUTE format('INSERT INTO %I SELECT * FROM %I', parent || '_split', parent || '_before');
        -- After the rows, so that no index is left half empty.
        FOR one IN
            SELECT pg_get_indexdef(i.indexrelid) AS index, pg_get_constraintdef(k.oid) AS key
            FROM pg_index i
                LEFT JOIN pg_constraint k ON k.conindid = i.indexrelid AND k.contype = 'p'
            WHERE i.indrelid = parent::regclass
        LOOP
            IF one.key IS NOT NULL THEN
                EXECUTE format('ALTER TABLE %I ADD %s', parent || '_split', one.key);
            ELSE
                EXECUTE regexp_replace(one.index, '^(CREATE (UNIQUE )?INDEX) .*? (USING .*)$',
                    format('\1 ON %I \3', parent || '_split'));
            END IF;
        END LOOP;
        EXECUTE format('ANALYZE %I', parent || '_split');
    END LOOP;
    RETURN since;
END $$;

-- Copies what was written to "before" since then, anew where it was copied. Returns from where on to
-- follow next, and how many rows it copied.
CREATE FUNCTION audit_follow_split(INOUT since text, OUT copied bigint)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp
-- Few rows are looked for, by their key; what the planner believes of new tables is beside the point.
SET enable_hashjoin = off SET enable_mergejoin = off AS $$
DECLARE
    next_since text := pg_snapshot_xmin(pg_current_snapshot())::xid::text;
    parent text;
    same text;
    count bigint;
BEGIN
    copied := 0;
    FOREACH parent IN ARRAY ARRAY['audit_event', 'audit_event_target'] LOOP
        PERFORM audit_split_leaves(parent);
        same := CASE parent WHEN 'audit_event' THEN 'c.id = b.id'
            ELSE 'c.event_id = b.event_id AND c.kind = b.kind AND c.target_id = b.target_id' END;
        EXECUTE format('DELETE FROM %I c USING %I b'
            ' WHERE age(b.xmin) <= age(%L::xid) AND c.environment = b.environment AND %s',
            parent || '_split', parent || '_before', since, same);
        -- What is changed just now is copied anew when it is next followed.
        EXECUTE format('INSERT INTO %I SELECT * FROM %I b WHERE age(b.xmin) <= age(%L::xid)'
            ' ON CONFLICT DO NOTHING',
            parent || '_split', parent || '_before', since);
        GET DIAGNOSTICS count = ROW_COUNT;
        copied := copied + count;
    END LOOP;
    since := next_since;
END $$;

-- Lets the copies take the place of "before". Fails where the log can't be had at once: it is tried
-- again. Nobody reads or records meanwhile.
CREATE FUNCTION audit_end_split(since text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp SET lock_timeout = '500ms' AS $$
DECLARE
    parent text;
    branch regclass;
    bounds text;
    one regclass;
    name text;
    made text[];
BEGIN
    IF to_regclass('audit_event_split') IS NULL THEN
        RAISE EXCEPTION 'there are no copies: audit_begin_split comes first';
    END IF;
    PERFORM pg_advisory_xact_lock(hashtext('audit_make_partition'));
    LOCK TABLE ONLY audit_event, ONLY audit_event_target IN ACCESS EXCLUSIVE MODE;
    -- An automatic vacuum of "before" gives way after a second.
    PERFORM set_config('lock_timeout', '3s', true);
    PERFORM audit_follow_split(since);
    FOREACH parent IN ARRAY ARRAY['audit_event', 'audit_event_target'] LOOP
        EXECUTE format('ALTER TABLE %I DETACH PARTITION %I', parent, parent || '_before');
        EXECUTE format('DROP TABLE %I', parent || '_before');
        FOR branch, bounds IN
            SELECT c.oid, pg_get_expr(c.relpartbound, c.oid)
            FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
            WHERE i.inhparent = to_regclass(parent || '_split') ORDER BY c.relname
        LOOP
            EXECUTE format('ALTER TABLE %I DETACH PARTITION %s', parent || '_split', branch);
            EXECUTE format('ALTER TABLE %I ATTACH PARTITION %s %s', parent, branch, bounds);
            EXECUTE format('ALTER TABLE %s DROP CONSTRAINT audit_split_bounds', branch);
            made := made || replace(branch::text, '_rest', '_before');
        END LOOP;
        EXECUTE format('DROP TABLE %I', parent || '_split');
        FOR one, name IN
            SELECT c.oid, c.relname FROM pg_partition_tree(to_regclass(parent || '_rest')) t
                JOIN pg_class c ON c.oid = t.relid
            UNION ALL
            SELECT c.oid, c.relname FROM pg_partition_tree(to_regclass(parent || '_rest')) t
                JOIN pg_index i ON i.indrelid = t.relid JOIN pg_class c ON c.oid = i.indexrelid
        LOOP
            EXECUTE format('ALTER TABLE %s RENAME TO %I', one,
                replace(name, parent || '_rest', parent || '_before'));
        END LOOP;
    END LOOP;
    -- Their indexes are as new.
    INSERT INTO audit_maintenance AS m (leaf, heap_bytes, since, rebuilt_heap_bytes, rebuilt_at)
    SELECT l.leaf, l.heap_bytes, now(), l.heap_bytes, now() FROM audit_closed_leaves(now()) l
    WHERE l.heap_bytes > 0 AND regexp_replace(l.leaf, '_\d+$', '') = ANY (made)
    ON CONFLICT (leaf) DO UPDATE SET heap_bytes = excluded.heap_bytes,
        rebuilt_heap_bytes = excluded.heap_bytes, rebuilt_at = excluded.rebuilt_at;
END $$;
