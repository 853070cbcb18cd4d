-- Leaves whose month was over at an instant, and "before"; with the bytes of their rows.
CREATE FUNCTION audit_closed_leaves(settled timestamptz) RETURNS TABLE (leaf text, heap_bytes bigint)
LANGUAGE sql STABLE SET search_path = public, pg_temp AS $$
    SELECT c.relname::text, pg_relation_size(c.oid)
    FROM (VALUES ('audit_event'), ('audit_event_target')) AS p (name),
        pg_partition_tree(to_regclass(p.name)) t JOIN pg_class c ON c.oid = t.relid
    WHERE t.isleaf AND t.level = 2 AND (c.relname ~ '_before_\d+$'
        OR (to_date(substring(c.relname FROM '_(\d{6})_\d+$'), 'YYYYMM') + interval '1 month')
            AT TIME ZONE 'UTC' <= settled)
$$;

-- Lets the worker rebuild a leaf's indexes: what an attempt that was ended has left is dropped
-- (REINDEX CONCURRENTLY leaves an index that is not valid), and the worker's role may maintain the
-- leaf, which PostgreSQL knows from 17 on. Runs as the owner; waits for nobody long.
CREATE FUNCTION audit_open_for_reindex(leaf text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp SET lock_timeout = '500ms' AS $$
DECLARE
    table_id oid;
    unfinished regclass;
BEGIN
    SELECT c.oid INTO table_id
    FROM (VALUES ('audit_event'), ('audit_event_target')) AS p (name),
        pg_partition_tree(to_regclass(p.name)) t JOIN pg_class c ON c.oid = t.relid
    WHERE t.isleaf AND t.level = 2 AND c.relname = leaf;
    IF table_id IS NULL THEN
        RAISE EXCEPTION '% is no leaf of the log', leaf;
    END IF;
    FOR unfinished IN
        SELECT i.indexrelid FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
        WHERE i.indrelid = table_id AND NOT i.indisvalid AND c.relname ~ '_cc(new|old)\d*$'
    LOOP
        EXECUTE format('DROP INDEX %s', unfinished);
    END LOOP;
    IF current_setting('server_version_num')::int >= 170000
        AND EXISTS (SELECT FROM pg_roles WHERE rolname = 'audit_worker') THEN
        EXECUTE format('GRANT MAINTAIN ON %s TO audit_worker', table_id::regclass);
    END IF;
END $$;
