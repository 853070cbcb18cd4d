-- How leaves lie is known here alone.

-- The lowest id of an instant: 48 bits of milliseconds, then zeros (RFC 9562 section 5.7).
CREATE FUNCTION audit_id_floor(instant timestamptz) RETURNS uuid
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT (lpad(to_hex(floor(extract(epoch FROM instant) * 1000)::bigint), 12, '0')
        || '00000000000000000000')::uuid
$$;

-- When an event happened, to the millisecond.
CREATE FUNCTION audit_id_time(id uuid) RETURNS timestamptz
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT to_timestamp(('x' || left(replace(id::text, '-', ''), 12))::bit(48)::bigint / 1000.0)
$$;

-- Makes one month (or "before", with month NULL) of one of the two tables, and whatever leaves of
-- registered environments it lacks. A table is made alone, then attached: that takes weaker locks.
CREATE FUNCTION audit_make_leaves(parent text, month date, lower uuid, upper uuid) RETURNS void
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
    branch text := parent || '_' || coalesce(to_char(month, 'YYYYMM'), 'before');
    leaf text;
    number smallint;
    is_new boolean := to_regclass(branch) IS NULL;
BEGIN
    IF is_new THEN
        EXECUTE format('CREATE TABLE %I (LIKE %I INCLUDING DEFAULTS INCLUDING CONSTRAINTS) '
            'PARTITION BY LIST (environment)', branch, parent);
    END IF;
    FOR number IN SELECT e.id FROM audit_environment e ORDER BY e.id LOOP
        leaf := branch || '_' || number;
        CONTINUE WHEN to_regclass(leaf) IS NOT NULL;
        EXECUTE format('CREATE TABLE %I (LIKE %I INCLUDING DEFAULTS INCLUDING CONSTRAINTS)',
            leaf, parent);
        EXECUTE format('ALTER TABLE %I ATTACH PARTITION %I FOR VALUES IN (%s)',
            branch, leaf, number);
    END LOOP;
    IF is_new AND lower IS NULL THEN
        EXECUTE format('ALTER TABLE %I ATTACH PARTITION %I FOR VALUES FROM (MINVALUE) TO (%L)',
            parent, branch, upper);
    ELSIF is_new THEN
        EXECUTE format('ALTER TABLE %I ATTACH PARTITION %I FOR VALUES FROM (%L) TO (%L)',
            parent, branch, lower, upper);
    END IF;
END $$;

-- The months that have a partition of their own, in order.
CREATE FUNCTION audit_months() RETURNS SETOF date
LANGUAGE sql STABLE SET search_path = public, pg_temp AS $$
    SELECT to_date(right(c.relname, 6), 'YYYYMM')
    FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
    WHERE i.inhparent = 'audit_event'::regclass AND c.relname ~ '_\d{6}$'
    ORDER BY 1
$$;

-- Makes the month's partition, with those between it and the last one, and every leaf that a
-- registered environment lacks anywhere. Without a month: the leaves alone. Runs as the owner.
CREATE FUNCTION audit_make_partition(month date DEFAULT NULL) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    wanted date := date_trunc('month', month);
    first_month date;
    last_month date;
    each_month date;
    parent text;
BEGIN
    IF wanted > now() + interval '13 months' THEN
        RAISE EXCEPTION 'a partition for % is too far ahead', wanted;
    END IF;
    PERFORM pg_advisory_xact_lock(hashtext('audit_make_partition'));
    SELECT min(m), max(m) INTO first_month, last_month FROM audit_months() m;
    IF first_month IS NULL THEN
        first_month := coalesce(wanted, date_trunc('month', now() AT TIME ZONE 'UTC'));
        last_month := first_month;
    END IF;
    IF wanted > last_month THEN
        last_month := wanted;
    END IF;
    FOREACH parent IN ARRAY ARRAY['audit_event', 'audit_event_target'] LOOP
        PERFORM audit_make_leaves(parent, NULL, NULL,
            audit_id_floor(first_month::timestamp AT TIME ZONE 'UTC'));
        each_month := first_month;
        WHILE each_month <= last_month LOOP
            PERFORM audit_make_leaves(parent, each_month,
                audit_id_floor(each_month::timestamp AT TIME ZONE 'UTC'),
                audit_id_floor((each_month + interval '1 month')::timestamp AT TIME ZONE 'UTC'));
            each_month := each_month + interval '1 month';
        END LOOP;
    END LOOP;
END $$;

-- Gives months from the given one on partitions of their own, taken out of "before". Runs as the
-- owner; holds the tables while rows move.
CREATE FUNCTION audit_split_before(from_month date) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    wanted date := date_trunc('month', from_month);
    lower uuid := audit_id_floor(wanted::timestamp AT TIME ZONE 'UTC');
    first_month date;
    each_month date;
    parent text;
    key_column text;
BEGIN
    PERFORM pg_advisory_xact_lock(hashtext('audit_make_partition'));
    SELECT min(m) INTO first_month FROM audit_months() m;
    IF wanted >= first_month THEN
        RETURN;
    END IF;
    IF wanted < date '2000-01-01' THEN
        RAISE EXCEPTION 'no event is older than the year 2000, so % needs no partition', wanted;
    END IF;
    FOREACH parent IN ARRAY ARRAY['audit_event', 'audit_event_target'] LOOP
        key_column := CASE parent WHEN 'audit_event' THEN 'id' ELSE 'event_id' END;
        EXECUTE format('ALTER TABLE %I DETACH PARTITION %I', parent, parent || '_before');
        each_month := wanted;
        WHILE each_month < first_month LOOP
            PERFORM audit_make_leaves(parent, each_month,
                audit_id_floor(each_month::timestamp AT TIME ZONE 'UTC'),
                audit_id_floor((each_month + interval '1 month')::timestamp AT TIME ZONE 'UTC'));
            each_month := each_month + interval '1 month';
        END LOOP;
        EXECUTE format('INSERT INTO %I SELECT * FROM %I WHERE %I >= %L',
            parent, parent || '_before', key_column, lower);
        EXECUTE format('DELETE FROM %I WHERE %I >= %L', parent || '_before', key_column, lower);
        EXECUTE format('ALTER TABLE %I ATTACH PARTITION %I FOR VALUES FROM (MINVALUE) TO (%L)',
            parent, parent || '_before', lower);
    END LOOP;
END $$;
