-- note_days: Notes on which days of a month values occur in an environment.
INSERT INTO audit_valuedays AS k (value, environment, month, days)
SELECT u.value, %s, u.month, u.days
FROM unnest(%b::int8[], %b::int2[], %b::int4[]) AS u (value, month, days)
ON CONFLICT (value, environment, month) DO UPDATE SET days = k.days | excluded.days
WHERE k.days | excluded.days <> k.days;

-- count_subjects: Adds to the events of each user, app and data source by month and workspace.
-- Up to a cell there are as many as up to the last cell before it, of either.
INSERT INTO audit_subjectcount AS r (environment, kind, month, subject_id, workspace_id, cells, sums)
SELECT %s, u.kind, u.month, u.subject_id, u.workspace_id, u.cells::int4[], u.sums::int4[]
FROM unnest(%b::int2[], %b::int2[], %b::text[], %b::text[], %b::text[], %b::text[])
    AS u (kind, month, subject_id, workspace_id, cells, sums)
ON CONFLICT (environment, kind, month, subject_id, workspace_id)
DO UPDATE SET (cells, sums) = (
    SELECT array_agg(c.cell ORDER BY c.cell), array_agg(
        coalesce(r.sums[width_bucket(c.cell, r.cells)], 0)
            + coalesce(excluded.sums[width_bucket(c.cell, excluded.cells)], 0)
        ORDER BY c.cell)
    FROM (SELECT DISTINCT unnest(r.cells || excluded.cells)) AS c (cell)
);

-- note_sightings: Keeps the first event that each user had from a country and with a device.
-- Those that are there already are not touched: an update that changes nothing locks the row.
INSERT INTO audit_sighting AS s (environment, actor_id, kind, value, first_event)
SELECT %(environment)s, u.actor_id, u.kind, u.value, u.first_event
FROM unnest(%(actors)b::text[], %(kinds)b::text[], %(values)b::text[], %(events)b::uuid[])
    AS u (actor_id, kind, value, first_event)
LEFT JOIN audit_sighting k ON k.environment = %(environment)s
    AND k.actor_id = u.actor_id AND k.kind = u.kind AND k.value = u.value
WHERE k.first_event IS NULL OR u.first_event < k.first_event
ON CONFLICT (environment, actor_id, kind, value)
DO UPDATE SET first_event = excluded.first_event WHERE excluded.first_event < s.first_event;

-- list_uncounted: Lists the environments with positions to count, or whose days are another zone's.
SELECT h.environment, en.key
FROM audit_loghead h JOIN audit_environment en ON en.id = h.environment
LEFT JOIN audit_rolluphead r ON r.environment = h.environment
WHERE h.size > coalesce(r.position, 0) OR (r.time_zone, r.zone_rules) <> (%s, %s)
ORDER BY h.environment;

-- read_progress: Tells whether a worker works, and how many receipts wait for positions and counts.
SELECT
    EXISTS (
        SELECT FROM pg_locks
        WHERE locktype = 'advisory' AND granted AND classid = %s::oid AND objid = %s::oid
    ),
    (SELECT count(*) FROM audit_pending),
    (SELECT count(*) FROM audit_loghead h
        LEFT JOIN audit_rolluphead r ON r.environment = h.environment
        JOIN audit_position p ON p.environment = h.environment
            AND p.first >= coalesce(r.position, 0));

-- look_at_leaves: Notes how large the leaves of closed months are, where that has changed.
INSERT INTO audit_maintenance AS kept (leaf, heap_bytes, since)
SELECT leaf, l.heap_bytes, %(now)s FROM audit_closed_leaves(%(settled)s) l
    LEFT JOIN audit_maintenance m USING (leaf)
WHERE l.heap_bytes >= %(least)s
    AND (m.leaf IS NULL OR l.heap_bytes NOT BETWEEN m.heap_bytes AND 1.01 * m.heap_bytes)
ORDER BY leaf
ON CONFLICT (leaf) DO UPDATE SET heap_bytes = excluded.heap_bytes, since = excluded.since,
    rebuilt_heap_bytes = CASE WHEN kept.rebuilt_heap_bytes > excluded.heap_bytes
        THEN excluded.heap_bytes ELSE kept.rebuilt_heap_bytes END;
