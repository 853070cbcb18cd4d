-- list_logs: Tells of each environment's log what there is to show of it.
SELECT e.key, concat_ws('/', i.uuid, e.key, nullif(coalesce(h.epoch, 1), 1)),
    coalesce(h.size, 0), c.size, c.root, c.note, c.signed_at,
    coalesce(unsigned.received_at, pending.received_at)
FROM audit_installation i, audit_environment e
LEFT JOIN audit_loghead h ON h.environment = e.id
LEFT JOIN LATERAL (
    SELECT size, root, note, signed_at FROM audit_checkpoint
    WHERE environment = e.id AND epoch = h.epoch ORDER BY size DESC LIMIT 1
) c ON true
LEFT JOIN LATERAL (
    SELECT s.received_at FROM audit_position p JOIN audit_submission s ON s.id = p.submission_id
    WHERE p.environment = e.id AND p.first >= coalesce(c.size, 0) ORDER BY p.first LIMIT 1
) unsigned ON true
LEFT JOIN LATERAL (
    SELECT s.received_at FROM audit_pending w JOIN audit_submission s ON s.id = w.submission_id
    WHERE w.environment = e.id ORDER BY w.submission_id LIMIT 1
) pending ON true
WHERE e.key = ANY(%s) AND (h.size > 0 OR pending.received_at IS NOT NULL);

-- read_event_ids: Returns the ids of the events at the positions from one up to another.
SELECT uuid_send(u.id)
FROM audit_position p JOIN audit_submission s ON s.id = p.submission_id,
    unnest(s.event_ids[greatest(%b - p.first, 0) + 1 : %b - p.first])
        WITH ORDINALITY AS u (id, place)
WHERE p.environment = %b AND p.first < %b
    AND p.first >= coalesce((
        SELECT q.first FROM audit_position q WHERE q.environment = %b AND q.first <= %b
        ORDER BY q.first DESC LIMIT 1
    ), 0)
ORDER BY p.first, u.place;

-- read_leaf_hashes: Returns the leaf hashes at the positions from one up to another, by receipt.
SELECT array_send(s.leaf_hashes[greatest(%b - p.first, 0) + 1 : %b - p.first])
FROM audit_position p JOIN audit_submission s ON s.id = p.submission_id
WHERE p.environment = %b AND p.first < %b
    AND p.first >= coalesce((
        SELECT q.first FROM audit_position q WHERE q.environment = %b AND q.first <= %b
        ORDER BY q.first DESC LIMIT 1
    ), 0)
ORDER BY p.first;

-- unsigned_environments: Lists those whose tree grew past its newest checkpoint, some time ago.
SELECT h.environment
FROM audit_loghead h
LEFT JOIN LATERAL (
    SELECT c.size, c.signed_at FROM audit_checkpoint c
    WHERE c.environment = h.environment AND c.epoch = h.epoch ORDER BY c.size DESC LIMIT 1
) c ON true
WHERE h.tree_size > coalesce(c.size, 0) AND coalesce(c.signed_at <= %s, true)
ORDER BY h.environment;

-- read_event_states: Tells which positions are in their trees, and the first checkpoint over each.
SELECT u.number, c.size, c.signed_at
FROM unnest(%b::int[], %b::text[], %b::bigint[]) AS u (number, environment, position)
JOIN audit_environment e ON e.key = u.environment
JOIN audit_loghead h ON h.environment = e.id AND h.tree_size > u.position
LEFT JOIN LATERAL (
    SELECT k.size, k.signed_at FROM audit_checkpoint k
    WHERE k.environment = e.id AND k.epoch = h.epoch AND k.size > u.position
    ORDER BY k.size LIMIT 1
) c ON true;

-- read_seal_state: Counts what has a position and no leaf, and what no checkpoint signs.
SELECT coalesce(sum(h.size - h.tree_size), 0)::bigint,
    coalesce(sum(h.tree_size - coalesce(c.size, 0)), 0)::bigint
FROM audit_loghead h
LEFT JOIN LATERAL (
    SELECT c.size FROM audit_checkpoint c
    WHERE c.environment = h.environment AND c.epoch = h.epoch ORDER BY c.size DESC LIMIT 1
) c ON true;
