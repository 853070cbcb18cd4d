-- The leaf hashes of an environment's log at the positions [start, finish), in order.
CREATE FUNCTION audit_leaf_hashes(log smallint, start bigint, finish bigint) RETURNS bytea[]
LANGUAGE sql STABLE SET search_path = public, pg_temp AS $$
    SELECT coalesce(array_agg(u.hash ORDER BY p.first + u.n), '{}')
    FROM audit_position p JOIN audit_submission s ON s.id = p.submission_id
        CROSS JOIN LATERAL unnest(
            s.leaf_hashes[greatest(start - p.first, 0) + 1 : finish - p.first]
        ) WITH ORDINALITY AS u (hash, n)
    WHERE p.environment = log AND p.first < finish
        AND p.first >= coalesce((SELECT q.first FROM audit_position q
            WHERE q.environment = log AND q.first <= start ORDER BY q.first DESC LIMIT 1), 0)
$$;

-- The root of a perfect tree over leaf hashes, whose number is a power of two (RFC 6962, 2.1).
CREATE FUNCTION audit_tree_root(hashes bytea[]) RETURNS bytea
LANGUAGE plpgsql IMMUTABLE SET search_path = public, pg_temp AS $$
BEGIN
    WHILE cardinality(hashes) > 1 LOOP
        hashes := ARRAY(
            SELECT sha256('\x01'::bytea || hashes[2 * n + 1] || hashes[2 * n + 2])
            FROM generate_series(0, cardinality(hashes) / 2 - 1) AS n ORDER BY n
        );
    END LOOP;
    RETURN hashes[1];
END $$;

-- Verifies one event: its texts and salts make a leaf hash, its receipt holds that, and the tree was
-- sealed over it (the kept hash of its 256 leaves, or at the log's end the frontier). ok is null for
-- what is not there yet. No row for an event that is not there, or that the caller may not read.
CREATE FUNCTION audit_verify(id uuid) RETURNS TABLE (step text, ok boolean, found text)
LANGUAGE plpgsql STABLE SECURITY INVOKER SET search_path = public, pg_temp AS $$
#variable_conflict use_column
DECLARE
    e record;
    r record;
    head record;
    hash bytea;
    at bigint;
    start bigint;
    width bigint;
    kept bytea;
    leaves bytea[];
BEGIN
    SELECT v.* INTO e FROM audit_event v WHERE v.id = audit_verify.id;
    IF NOT FOUND THEN
        RETURN;
    END IF;
    hash := sha256('\x0001'::bytea || uuid_send(e.id)
        || coalesce(sha256(convert_to(E'audit/v1/head\n', 'UTF8') || e.head_salt
            || convert_to(e.head, 'UTF8')), e.head_commitment)
        || coalesce(sha256(convert_to(E'audit/v1/personal\n', 'UTF8') || e.personal_salt
            || convert_to(e.personal, 'UTF8')), e.personal_commitment)
        || coalesce(sha256(convert_to(E'audit/v1/details\n', 'UTF8') || e.details_salt
            || convert_to(e.details, 'UTF8')), e.details_commitment));
    RETURN QUERY SELECT 'leaf', hash IS NOT NULL, coalesce(
        format('Its texts and salts make the leaf hash %s.', encode(hash, 'hex')),
        'A text, a salt or a commitment is missing.');

    SELECT s.event_ids[e.ordinal + 1] AS event_id, s.leaf_hashes[e.ordinal + 1] AS leaf INTO r
    FROM audit_submission s WHERE s.id = e.submission_id AND s.environment = e.environment;
    RETURN QUERY SELECT 'receipt',
        coalesce(r.event_id = e.id AND r.leaf = hash, false),
        CASE WHEN r.event_id = e.id AND r.leaf = hash
            THEN format('The receipt %s holds this leaf hash.', e.submission_id)
            ELSE format('The receipt %s holds the event %s with the leaf hash %s.', e.submission_id,
                coalesce(r.event_id::text, 'none'), coalesce(encode(r.leaf, 'hex'), 'none')) END;

    SELECT h.* INTO head FROM audit_loghead h WHERE h.environment = e.environment;
    SELECT p.first + e.ordinal INTO at FROM audit_position p
    WHERE p.submission_id = e.submission_id AND p.environment = e.environment
        AND e.ordinal < p.count;
    IF at IS NULL OR at >= coalesce(head.tree_size, 0) THEN
        RETURN QUERY SELECT 'tile', NULL::boolean, 'It is not sealed yet.';
        RETURN;
    END IF;
    -- The largest perfect subtree, of 256 leaves at most, that holds it.
    start := at - at % 256;
    width := 256;
    WHILE start + width > head.tree_size OR at >= start + width LOOP
        IF start + width <= head.tree_size THEN
            start := start + width;
        END IF;
        width := width / 2;
    END LOOP;
    IF width = 256 THEN
        SELECT t.hash INTO kept FROM audit_tilehash t
        WHERE t.environment = e.environment AND t.epoch = head.epoch AND t.level = 1
            AND t.index = start / 256;
    ELSE
        -- Of each bit of the size that is set, the frontier has a hash, the largest first.
        kept := head.frontier[length(replace(((head.tree_size / width)::bit(64))::text, '0', ''))];
    END IF;
    leaves := audit_leaf_hashes(e.environment, start, start + width);
    leaves[at - start + 1] := hash;
    RETURN QUERY SELECT 'tile',
        coalesce(cardinality(leaves) = width AND audit_tree_root(leaves) = kept, false),
        CASE WHEN cardinality(leaves) = width AND audit_tree_root(leaves) = kept
            THEN format('The tree has it at position %s.', at)
            ELSE format('The tree was sealed over other hashes from position %s on.', start) END;
END $$;
