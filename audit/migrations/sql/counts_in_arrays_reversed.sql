ALTER TABLE audit_rolluphour RENAME TO audit_rolluphour_in_arrays;
ALTER TABLE audit_rollupday RENAME TO audit_rollupday_in_arrays;
ALTER TABLE audit_rolluphour_in_arrays RENAME CONSTRAINT audit_rolluphour_pkey TO audit_rolluphour_in_arrays_pkey;
ALTER TABLE audit_rollupday_in_arrays RENAME CONSTRAINT audit_rollupday_pkey TO audit_rollupday_in_arrays_pkey;
ALTER TABLE audit_subjectcount RENAME TO audit_subjectcount_in_arrays;
ALTER TABLE audit_subjectcount_in_arrays RENAME CONSTRAINT audit_subjectcount_pkey TO audit_subjectcount_in_arrays_pkey;

CREATE TABLE audit_rolluphour (
    environment smallint NOT NULL, workspace_id text NOT NULL, type smallint NOT NULL,
    total integer NOT NULL, success integer NOT NULL, failure integer NOT NULL, denied integer NOT NULL,
    hour timestamptz NOT NULL,
    CONSTRAINT audit_rolluphour_pkey PRIMARY KEY (environment, hour, workspace_id, type)
) WITH (fillfactor = 80);
CREATE TABLE audit_rollupday (
    environment smallint NOT NULL, workspace_id text NOT NULL, type smallint NOT NULL,
    total integer NOT NULL, success integer NOT NULL, failure integer NOT NULL, denied integer NOT NULL,
    day date NOT NULL, all_workspaces boolean NOT NULL,
    CONSTRAINT audit_rollupday_pkey PRIMARY KEY (environment, day, all_workspaces, workspace_id, type)
) WITH (autovacuum_vacuum_scale_factor = 0.05, autovacuum_vacuum_insert_scale_factor = 0.05);
CREATE TABLE audit_subjectcount (
    environment smallint NOT NULL, kind text NOT NULL, day date NOT NULL, subject_id text NOT NULL,
    workspace_id text NOT NULL, total integer NOT NULL,
    CONSTRAINT audit_subjectcount_pkey PRIMARY KEY (environment, kind, day, subject_id, workspace_id)
) WITH (fillfactor = 80);

INSERT INTO audit_rolluphour (environment, hour, workspace_id, type, total, success, failure, denied)
SELECT c.environment, (c.day + make_interval(hours => c.cell >> 2 & 31)) AT TIME ZONE 'UTC', c.workspace_id,
    c.cell >> 7, sum(c.total), coalesce(sum(c.total) FILTER (WHERE c.cell & 3 = 1), 0),
    coalesce(sum(c.total) FILTER (WHERE c.cell & 3 = 2), 0), coalesce(sum(c.total) FILTER (WHERE c.cell & 3 = 3), 0)
FROM (
    SELECT r.environment, r.day, r.workspace_id, unnest(r.cells) AS cell, unnest(r.totals) AS total
    FROM audit_rolluphour_in_arrays r WHERE NOT r.all_workspaces
) AS c
GROUP BY 1, 2, 3, 4;

-- All environments but the system's own, whose events no row of them together has.
INSERT INTO audit_rollupday (environment, day, all_workspaces, workspace_id, type, total, success, failure, denied)
SELECT c.environment, c.day, c.all_workspaces, c.workspace_id, c.cell >> 2, sum(c.total),
    coalesce(sum(c.total) FILTER (WHERE c.cell & 3 = 1), 0),
    coalesce(sum(c.total) FILTER (WHERE c.cell & 3 = 2), 0), coalesce(sum(c.total) FILTER (WHERE c.cell & 3 = 3), 0)
FROM (
    SELECT r.environment, r.day, r.all_workspaces, r.workspace_id, unnest(r.cells) AS cell, unnest(r.totals) AS total
    FROM audit_rollupday_in_arrays r
    UNION ALL
    SELECT 0, r.day, false, r.workspace_id, unnest(r.cells), unnest(r.totals)
    FROM audit_rollupday_in_arrays r JOIN audit_environment e ON e.id = r.environment
    WHERE NOT r.all_workspaces AND e.key <> 'audit-system'
) AS c
GROUP BY 1, 2, 3, 4, 5;
CREATE INDEX audit_rollupday_of_all_workspaces ON audit_rollupday (environment, day)
    INCLUDE (type, total, success, failure, denied) WHERE all_workspaces;

DROP TABLE audit_rolluphour_in_arrays;
DROP TABLE audit_rollupday_in_arrays;

INSERT INTO audit_subjectcount (environment, kind, day, subject_id, workspace_id, total)
SELECT r.environment, (ARRAY['actor', 'application', 'resource:data_source'])[r.kind],
    (DATE '1970-01-01' + make_interval(months => r.month, days => c.cell >> 17))::date,
    r.subject_id, r.workspace_id, sum(c.total)
FROM audit_subjectcount_in_arrays r
CROSS JOIN LATERAL (
    SELECT k.cell, k.sum - lag(k.sum, 1, 0) OVER (ORDER BY k.cell) AS total
    FROM unnest(r.cells, r.sums) AS k (cell, sum)
) AS c
GROUP BY 1, 2, 3, 4, 5;

DROP TABLE audit_subjectcount_in_arrays;
