ALTER TABLE audit_rolluphour RENAME TO audit_rolluphour_by_row;
ALTER TABLE audit_rollupday RENAME TO audit_rollupday_by_row;
ALTER TABLE audit_rolluphour_by_row RENAME CONSTRAINT audit_rolluphour_pkey TO audit_rolluphour_by_row_pkey;
ALTER TABLE audit_rollupday_by_row RENAME CONSTRAINT audit_rollupday_pkey TO audit_rollupday_by_row_pkey;
ALTER TABLE audit_subjectcount RENAME TO audit_subjectcount_by_row;
ALTER TABLE audit_subjectcount_by_row RENAME CONSTRAINT audit_subjectcount_pkey TO audit_subjectcount_by_row_pkey;

-- An hour's and a day's counts grow with each round while they last: some room in each page.
CREATE TABLE audit_rolluphour (
    environment smallint NOT NULL, all_workspaces boolean NOT NULL, workspace_id text NOT NULL,
    day date NOT NULL, cells integer[] NOT NULL, totals integer[] NOT NULL,
    CONSTRAINT audit_rolluphour_pkey PRIMARY KEY (environment, all_workspaces, workspace_id, day)
) WITH (fillfactor = 80);
CREATE TABLE audit_rollupday (
    environment smallint NOT NULL, all_workspaces boolean NOT NULL, workspace_id text NOT NULL,
    day date NOT NULL, cells integer[] NOT NULL, totals integer[] NOT NULL,
    CONSTRAINT audit_rollupday_pkey PRIMARY KEY (environment, all_workspaces, workspace_id, day)
) WITH (fillfactor = 80);
CREATE TABLE audit_subjectcount (
    environment smallint NOT NULL, kind smallint NOT NULL, month smallint NOT NULL,
    subject_id text NOT NULL, workspace_id text NOT NULL, cells integer[] NOT NULL, sums integer[] NOT NULL,
    CONSTRAINT audit_subjectcount_pkey PRIMARY KEY (environment, kind, month, subject_id, workspace_id)
) WITH (fillfactor = 80);

-- In the order of days, as the worker writes them.
INSERT INTO audit_rolluphour (environment, all_workspaces, workspace_id, day, cells, totals)
SELECT c.environment, c.all_workspaces, c.workspace_id, c.day,
    array_agg(c.cell ORDER BY c.cell), array_agg(c.total ORDER BY c.cell)
FROM (
    SELECT r.environment, a.all_workspaces, CASE WHEN a.all_workspaces THEN '' ELSE r.workspace_id END AS workspace_id,
        (r.hour AT TIME ZONE 'UTC')::date AS day,
        (r.type::int << 7) | (extract(hour FROM r.hour AT TIME ZONE 'UTC')::int << 2) | o.outcome AS cell,
        sum(o.total)::int AS total
    FROM audit_rolluphour_by_row r
    CROSS JOIN (VALUES (false), (true)) AS a (all_workspaces)
    CROSS JOIN LATERAL (VALUES (0, r.total - r.success - r.failure - r.denied),
        (1, r.success), (2, r.failure), (3, r.denied)) AS o (outcome, total)
    WHERE o.total <> 0
    GROUP BY 1, 2, 3, 4, 5
) AS c
GROUP BY 1, 2, 3, 4 ORDER BY c.day, 1, 2, 3;

INSERT INTO audit_rollupday (environment, all_workspaces, workspace_id, day, cells, totals)
SELECT r.environment, r.all_workspaces, r.workspace_id, r.day,
    array_agg(r.type::int << 2 | o.outcome ORDER BY r.type, o.outcome),
    array_agg(o.total ORDER BY r.type, o.outcome)
FROM audit_rollupday_by_row r
CROSS JOIN LATERAL (VALUES (0, r.total - r.success - r.failure - r.denied),
    (1, r.success), (2, r.failure), (3, r.denied)) AS o (outcome, total)
WHERE o.total <> 0 AND (r.all_workspaces OR r.environment <> 0)
GROUP BY 1, 2, 3, 4 ORDER BY r.day, 1, 2, 3;

DROP TABLE audit_rolluphour_by_row;
DROP TABLE audit_rollupday_by_row;

-- Their types were not told apart: a cell a day, of all types.
INSERT INTO audit_subjectcount (environment, kind, month, subject_id, workspace_id, cells, sums)
SELECT c.environment, c.kind, c.month, c.subject_id, c.workspace_id,
    array_agg(c.cell ORDER BY c.cell), array_agg(c.sum ORDER BY c.cell)
FROM (
    SELECT r.environment, k.number AS kind, m.month, r.subject_id, r.workspace_id,
        (extract(day FROM r.day)::int - 1) << 17 AS cell,
        (sum(r.total) OVER (PARTITION BY r.environment, k.number, m.month, r.subject_id, r.workspace_id
            ORDER BY r.day))::int AS sum
    FROM audit_subjectcount_by_row r
    JOIN (VALUES ('actor', 1::smallint), ('application', 2), ('resource:data_source', 3)) AS k (kind, number)
        ON k.kind = r.kind
    CROSS JOIN LATERAL (SELECT ((extract(year FROM r.day) - 1970) * 12 + extract(month FROM r.day) - 1)::smallint)
        AS m (month)
) AS c
GROUP BY 1, 2, 3, 4, 5 ORDER BY c.month, 1, 2, 4, 5;

DROP TABLE audit_subjectcount_by_row;
