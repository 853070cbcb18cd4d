-- note_occurrences: Notes which values occur in an environment, and on which days.
INSERT INTO audit_occurrence (environment, kind, value, day)
SELECT %s, u.kind, u.value, DATE '1970-01-01' + u.day
FROM unnest(%b::int2[], %b::int8[], %b::int4[]) AS u (kind, value, day)
ON CONFLICT DO NOTHING;

-- count_subjects: Adds to the events of each user, app and data source by day and workspace.
INSERT INTO audit_subjectcount AS r (environment, kind, day, subject_id, workspace_id, total)
SELECT %s, u.kind, DATE '1970-01-01' + u.day, u.subject_id, u.workspace_id, u.total
FROM unnest(%b::text[], %b::int4[], %b::text[], %b::text[], %b::int4[])
    AS u (kind, day, subject_id, workspace_id, total)
ON CONFLICT (environment, kind, day, subject_id, workspace_id)
DO UPDATE SET total = r.total + excluded.total;

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
