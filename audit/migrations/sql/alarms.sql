-- Clears an alarm that an event of the log says is cleared, in its own environment (or, of an
-- installation's alarm, in any): whoever runs as the web process clears none unseen. By whom is the
-- event's word. Returns whether the alarm was open. Runs as the owner.
CREATE FUNCTION audit_clear_alarm(alarm bigint, event uuid, moment timestamptz) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    UPDATE audit_alarm a
    SET cleared_at = moment, cleared_by = e.personal::jsonb #>> '{actor,name}'
    FROM audit_event e JOIN audit_eventtype t ON t.id = e.type
    WHERE a.id = alarm AND a.cleared_at IS NULL
        AND e.id = event AND t.code = 'AUDIT_ALARM_CLEARED'
        AND e.environment = coalesce(a.environment, e.environment)
        AND e.details::jsonb #>> '{details,alarm}' = alarm::text;
    RETURN FOUND;
END $$;
