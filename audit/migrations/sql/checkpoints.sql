-- Deletes checkpoints by one rule, whoever calls it: all of the last 48 hours stay, of the last 30
-- days the first of each hour, and before that the first of each day (UTC) for ever. The newest of a
-- log stays however old it is. Returns how many went.
CREATE OR REPLACE FUNCTION audit_thin_checkpoints() RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    gone bigint;
BEGIN
    PERFORM set_config('audit.removes', 'checkpoints', true);
    WITH old AS (
        SELECT environment, epoch, size, signed_at,
            min(size) OVER (PARTITION BY environment, epoch, date_trunc('hour', signed_at, 'UTC'))
                AS first_of_hour,
            min(size) OVER (PARTITION BY environment, epoch, date_trunc('day', signed_at, 'UTC'))
                AS first_of_day
        FROM audit_checkpoint
        WHERE signed_at < now() - interval '48 hours'
    ), deleted AS (
        DELETE FROM audit_checkpoint c USING old
        WHERE c.environment = old.environment AND c.epoch = old.epoch AND c.size = old.size
            AND old.size <> CASE WHEN old.signed_at < now() - interval '30 days'
                THEN old.first_of_day ELSE old.first_of_hour END
            AND old.size < (SELECT max(n.size) FROM audit_checkpoint n
                WHERE n.environment = old.environment AND n.epoch = old.epoch)
        RETURNING 1
    )
    SELECT count(*) INTO gone FROM deleted;
    PERFORM set_config('audit.removes', '', true);
    RETURN gone;
END $$;
