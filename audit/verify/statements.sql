-- list_rounds: Tells of each kind of round over each log how far it is, and how the last one ended.
SELECT e.key, k.kind, v.position, v.size, v.started_at, v.finished_at, v.last_events,
    v.last_findings, s.received_at
FROM audit_loghead h JOIN audit_environment e ON e.id = h.environment
CROSS JOIN unnest(%s::text[]) AS k (kind)
LEFT JOIN audit_verification v ON v.environment = h.environment AND v.kind = k.kind
LEFT JOIN audit_position p ON p.environment = h.environment AND p.first = 0
LEFT JOIN audit_submission s ON s.id = p.submission_id
WHERE h.size > 0
ORDER BY e.id, k.kind;

-- note_round: Notes how far a round is; events and findings begin anew with the round.
INSERT INTO audit_verification AS v
    (environment, kind, position, size, events, findings, started_at)
VALUES (%(environment)s, %(kind)s, %(position)s, %(size)s, %(events)s, %(findings)s, %(now)s)
ON CONFLICT (environment, kind) DO UPDATE SET position = excluded.position, size = excluded.size,
    events = excluded.events + CASE WHEN %(is_new)s THEN 0 ELSE v.events END,
    findings = excluded.findings + CASE WHEN %(is_new)s THEN 0 ELSE v.findings END,
    started_at = CASE WHEN %(is_new)s THEN excluded.started_at ELSE v.started_at END;

-- find_in_receipt: Tells what a receipt says at an ordinal, and where that is in the log.
SELECT uuid_send(s.event_ids[o.n + 1]), s.leaf_hashes[o.n + 1],
    CASE WHEN o.n < p.count THEN p.first + o.n END,
    coalesce(h.epoch, 1), coalesce(h.tree_size, 0)
FROM (SELECT %s::int AS n) o
LEFT JOIN audit_submission s ON s.id = %s AND s.environment = %s
LEFT JOIN audit_position p ON p.submission_id = s.id
LEFT JOIN audit_loghead h ON h.environment = s.environment;

-- read_receipts: Reads some receipts from a position on, with what they say of their events.
SELECT p.submission_id, p.first, p.count, array_send(s.event_ids), array_send(s.leaf_hashes)
FROM audit_position p LEFT JOIN audit_submission s ON s.id = p.submission_id
WHERE p.environment = %s AND p.first >= %s AND p.first < least(%s, %s)
ORDER BY p.first LIMIT %s;
