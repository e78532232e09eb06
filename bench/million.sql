-- Cases of several flows, written set by set, a batch at a time. Each batch stands in the temporary table `plan` first.
-- Every audit event goes through the table's own trigger, so `huakai audit verify` finds nothing afterwards.
-- Parameters (psycopg): edition, from, to, total, days, kind (closed, open, due), at.

-- name: around
CREATE TEMP TABLE around_area AS
SELECT id, code, row_number() OVER (ORDER BY code) AS at FROM registry_unit WHERE kind IN ('community', 'village');
CREATE TEMP TABLE around_unit AS
SELECT id, code, row_number() OVER (ORDER BY code) AS at FROM registry_unit WHERE code LIKE '370402D%%';
CREATE TEMP TABLE around_person AS
SELECT id, row_number() OVER (ORDER BY id) AS at FROM registry_person WHERE phone_hash IS NULL;
CREATE TEMP TABLE around_taker AS
SELECT person_id AS id, row_number() OVER (ORDER BY person_id) AS at FROM registry_volunteer;
CREATE TEMP TABLE around_word (at bigint, category text, title text);
INSERT INTO around_word VALUES
    (1, 'road', '路面塌陷，车辆绕行'), (2, 'street_light', '楼前路灯不亮'), (3, 'water', '水压不足，三楼以上没水'),
    (4, 'heating', '暖气不热'), (5, 'property', '电梯停运'), (6, 'sanitation', '垃圾没有清运'),
    (7, 'drainage', '下水道堵塞反水'), (8, 'gas', '燃气表读数不对');
CREATE UNIQUE INDEX ON around_area (at);
CREATE UNIQUE INDEX ON around_unit (at);
CREATE UNIQUE INDEX ON around_person (at);
CREATE UNIQUE INDEX ON around_taker (at);
ANALYZE around_area, around_unit, around_person, around_taker, around_word;

-- name: plan
-- Closed cases lie over two years, open ones over the last twelve days; three fifths of the open are demands.
CREATE TEMP TABLE plan AS
WITH many AS MATERIALIZED (
    SELECT (SELECT count(*) FROM around_area) AS areas, (SELECT count(*) FROM around_unit) AS units,
           (SELECT count(*) FROM around_person) AS persons, (SELECT count(*) FROM around_taker) AS takers
), draw AS MATERIALIZED (
    SELECT n, random() AS r1, random() AS r2,
           %(at)s::timestamptz - make_interval(secs => 86400 * %(days)s::float * (1 - n::float / %(total)s::int)) AS opened_at,
           1 + floor(random() * areas)::bigint AS area, 1 + floor(random() * units)::bigint AS unit,
           1 + floor(random() * persons)::bigint AS person, 1 + floor(random() * takers)::bigint AS taker,
           1 + n %% 8 AS word
      FROM generate_series(%(from)s::int, %(to)s::int) AS n, many
), told AS MATERIALIZED (
    SELECT d.*, CASE WHEN %(kind)s::text = 'due' OR d.r1 < CASE %(kind)s::text WHEN 'open' THEN 0.6 ELSE 0.4 END
                     THEN 'demand' ELSE 'volunteer_order' END AS flow
      FROM draw d
)
SELECT t.n, uuidv7(t.opened_at - clock_timestamp()) AS id, t.opened_at, t.flow, t.r2,
       CASE WHEN %(kind)s::text = 'due' THEN 'assigned'
            WHEN %(kind)s::text = 'closed' THEN CASE WHEN t.r2 < 0.95 THEN 'closed' ELSE 'cancelled' END
            WHEN t.flow = 'demand'
            THEN CASE WHEN t.r2 < 0.4 THEN 'collected' WHEN t.r2 < 0.65 THEN 'assigned' ELSE 'handling' END
            ELSE CASE WHEN t.r2 < 0.5 THEN 'ordered' ELSE 'serving' END END AS stage,
       CASE t.flow WHEN 'demand' THEN w.category ELSE 'home_repair' END AS category,
       CASE t.flow WHEN 'demand' THEN w.title ELSE '家电小修' END AS title,
       a.id AS area_id, a.code AS area_code, p.id AS person_id, v.id AS taker_id, u.id AS unit_id, u.code AS unit_code
  FROM told t
  JOIN around_area a ON a.at = t.area
  JOIN around_unit u ON u.at = t.unit
  JOIN around_person p ON p.at = t.person
  JOIN around_taker v ON v.at = t.taker
  JOIN around_word w ON w.at = t.word;
ALTER TABLE plan ADD COLUMN led boolean, ADD COLUMN taken boolean, ADD COLUMN ended boolean;
UPDATE plan SET led = flow = 'demand' AND stage IN ('assigned', 'handling', 'closed'),
                taken = flow = 'volunteer_order' AND stage IN ('serving', 'closed'),
                ended = stage IN ('closed', 'cancelled');

-- name: cases
INSERT INTO cases_case (
    id, number, edition_id, flow, stage, status, category, service, tag, caller_kind, channel, title, detail, urgent,
    area_id, area_code, requester_id, served_for, opened_by_id, client_key, opened_at, stage_since, due_at,
    due_estimated, answer_due_at, finish_due_at, first_answer_at, closed_at, lead_unit_id, lead_unit_code,
    taker_person_id, result_text, minutes_served, stars, last_move_key, assigned_at, accepted_at, next_act_at,
    clock_runs)
SELECT id, nextval('case_number'), %(edition)s, flow, stage, CASE WHEN ended THEN stage ELSE 'open' END, category,
       CASE flow WHEN 'demand' THEN '' ELSE 'appliance_repair' END, '', 'resident',
       (ARRAY['phone_page', 'hotline', 'grid', 'desk'])[1 + n %% 4], title, '请尽快来看看，附近住着几位老人。', false,
       area_id, area_code, person_id, 'self', person_id, %(kind)s::text || ':' || id, opened_at,
       opened_at + CASE stage WHEN 'collected' THEN interval '0' ELSE interval '1 minute' END,
       CASE WHEN NOT ended THEN opened_at + interval '10 days' END, false, opened_at + interval '1 day',
       opened_at + interval '7 days', CASE WHEN ended OR stage IN ('handling', 'serving') THEN opened_at END,
       CASE WHEN ended THEN opened_at + interval '2 days' END,
       CASE WHEN led THEN unit_id END, CASE WHEN led THEN unit_code ELSE '' END, CASE WHEN taken THEN taker_id END,
       CASE WHEN ended THEN '已经现场处理，恢复正常。' ELSE '' END,
       CASE WHEN taken AND ended THEN 45 END, CASE WHEN stage = 'closed' AND r2 < 0.4 THEN 5 END, '',
       CASE WHEN led OR taken THEN opened_at END, CASE WHEN led OR taken THEN opened_at END,
       CASE WHEN %(kind)s::text = 'due' THEN opened_at END,
       CASE stage WHEN 'collected' THEN '{"stage": 1, "answer": 1, "finish": 1}'::jsonb
                  WHEN 'ordered' THEN '{"stage": 1, "answer": 1, "finish": 1}'
                  ELSE '{"stage": 2, "answer": 1, "finish": 1}' END
  FROM plan ORDER BY n;

-- name: assignments
INSERT INTO cases_assignment (id, case_id, kind, person_id, unit_id, unit_code, state, offered_at, answered_at, reason)
SELECT uuidv7(opened_at - clock_timestamp()), id, CASE WHEN led THEN 'unit' ELSE 'person' END,
       CASE WHEN taken THEN taker_id END, CASE WHEN led THEN unit_id END, CASE WHEN led THEN unit_code ELSE '' END,
       CASE WHEN ended THEN 'done' WHEN stage = 'assigned' THEN 'offered' ELSE 'accepted' END,
       opened_at + interval '1 minute',
       CASE WHEN stage <> 'assigned' THEN opened_at + interval '2 minutes' END, ''
  FROM plan WHERE led OR taken ORDER BY n;

-- name: lines
-- The ledger of the open ones: the clocks of answer and end, and those of the stages they came through.
INSERT INTO cases_clockevent (case_id, clock, act, run, at, amount, unit, calendar_id, due_at, reason)
SELECT p.id, e.clock, e.act, e.run, p.opened_at + e.later, e.amount, e.unit,
       CASE WHEN e.amount IS NOT NULL THEN %(edition)s::uuid END, NULL, ''
  FROM plan p, LATERAL (VALUES
       (1, 'answer', 'start', 1, interval '0', 1, 'working_days', true),
       (2, 'finish', 'start', 1, interval '0', 5, 'working_days', true),
       (3, 'stage', 'start', 1, interval '0', 4, 'working_hours', true),
       (4, 'stage', 'stop', 1, interval '1 minute', NULL, '', p.stage NOT IN ('collected', 'ordered')),
       (5, 'stage', 'start', 2, interval '1 minute', 4, 'working_hours', p.stage NOT IN ('collected', 'ordered')),
       (6, 'answer', 'stop', 1, interval '1 minute', NULL, '', p.stage IN ('handling', 'serving'))
  ) AS e(place, clock, act, run, later, amount, unit, happened)
 WHERE e.happened AND NOT p.ended ORDER BY p.n, e.place;

-- name: events
INSERT INTO audit_event (subject_kind, subject_id, name, at, actor_id, before, after, edition_id, area_code, request_id,
                         due)
SELECT 'case', id::text, 'case.opened', opened_at, person_id, '{}',
       jsonb_build_object('flow', flow, 'category', category, 'requester', person_id), %(edition)s, area_code, '',
       ARRAY[]::text[]
  FROM plan ORDER BY n;

-- name: raw
-- pgbench: the four transitions of a demand as the database sees them, each a transaction.
\set n :n + 1
SELECT id AS case_id FROM bench_queue WHERE n = :n \gset
BEGIN;
SELECT * FROM cases_case WHERE id = :case_id::uuid FOR UPDATE;
SELECT * FROM cases_assignment WHERE case_id = :case_id::uuid ORDER BY offered_at;
SELECT * FROM registry_unit WHERE code = '{code}';
INSERT INTO cases_assignment (id, case_id, kind, unit_id, unit_code, state, offered_at, reason, offered_by)
VALUES (uuidv7(), :case_id::uuid, 'unit', '{unit}', '{code}', 'offered', now(), '', '{by}');
UPDATE cases_case SET stage = 'assigned', stage_since = now(), due_at = now() + interval '4 hours',
       lead_unit_id = '{unit}', lead_unit_code = '{code}', assigned_at = now(), next_act_at = now(),
       clock_runs = '{{"stage": 2, "answer": 1, "finish": 1}}' WHERE id = :case_id::uuid;
INSERT INTO cases_clockevent (case_id, clock, act, run, at, amount, unit, calendar_id, due_at, reason, by)
VALUES (:case_id::uuid, 'stage', 'stop', 1, now(), NULL, '', NULL, NULL, '', '{by}'),
       (:case_id::uuid, 'stage', 'start', 2, now(), 4, 'working_hours', '{edition}', now(), '', '{by}');
INSERT INTO audit_event (subject_kind, subject_id, name, at, actor_id, before, after, edition_id, area_code, request_id,
                         due)
VALUES ('case', :case_id, 'case.assigned', now(), '{by}', '{{"stage": "collected"}}',
        '{{"move": "assign", "unit": "{code}", "stage": "assigned"}}', '{edition}', '{code}', '', ARRAY[]::text[]);
COMMIT;
BEGIN;
SELECT * FROM cases_case WHERE id = :case_id::uuid FOR UPDATE;
SELECT * FROM cases_assignment WHERE case_id = :case_id::uuid ORDER BY offered_at;
UPDATE cases_assignment SET state = 'accepted', answered_at = now(), accepted_at = now()
 WHERE case_id = :case_id::uuid AND state = 'offered';
INSERT INTO cases_note (id, case_id, move, text, at, author, kind)
VALUES (uuidv7(), :case_id::uuid, 'accept', '已收到，明天上午到现场', now(), '{by}', '');
UPDATE cases_case SET stage = 'handling', stage_since = now(), due_at = now() + interval '5 days',
       accepted_at = now(), first_answer_at = now(), next_act_at = now(),
       clock_runs = '{{"stage": 3, "answer": 1, "finish": 1}}' WHERE id = :case_id::uuid;
INSERT INTO cases_clockevent (case_id, clock, act, run, at, amount, unit, calendar_id, due_at, reason, by)
VALUES (:case_id::uuid, 'answer', 'stop', 1, now(), NULL, '', NULL, NULL, '', '{by}'),
       (:case_id::uuid, 'stage', 'stop', 2, now(), NULL, '', NULL, NULL, '', '{by}'),
       (:case_id::uuid, 'stage', 'start', 3, now(), 5, 'working_days', '{edition}', now(), '', '{by}');
INSERT INTO audit_event (subject_kind, subject_id, name, at, actor_id, before, after, edition_id, area_code, request_id,
                         due)
VALUES ('case', :case_id, 'case.answered', now(), '{by}', '{{"stage": "assigned"}}',
        '{{"move": "accept", "stage": "handling", "note": "0197b1b2-0000-7000-8000-000000000000"}}', '{edition}',
        '{code}', '', ARRAY[]::text[]);
COMMIT;
BEGIN;
SELECT * FROM cases_case WHERE id = :case_id::uuid FOR UPDATE;
SELECT * FROM cases_assignment WHERE case_id = :case_id::uuid ORDER BY offered_at;
INSERT INTO cases_note (id, case_id, move, text, at, author, kind)
VALUES (uuidv7(), :case_id::uuid, 'answer', '现场看过，需要更换配件', now(), '{by}', '');
UPDATE cases_case SET next_act_at = now() WHERE id = :case_id::uuid;
INSERT INTO audit_event (subject_kind, subject_id, name, at, actor_id, before, after, edition_id, area_code, request_id,
                         due)
VALUES ('case', :case_id, 'case.answered', now(), '{by}', '{{"stage": "handling"}}',
        '{{"move": "answer", "stage": "handling", "note": "0197b1b2-0000-7000-8000-000000000000"}}', '{edition}',
        '{code}', '', ARRAY[]::text[]);
COMMIT;
BEGIN;
SELECT * FROM cases_case WHERE id = :case_id::uuid FOR UPDATE;
SELECT * FROM cases_assignment WHERE case_id = :case_id::uuid ORDER BY offered_at;
UPDATE cases_assignment SET state = 'done', answered_at = now()
 WHERE case_id = :case_id::uuid AND state = 'accepted';
INSERT INTO cases_note (id, case_id, move, text, at, author, kind)
VALUES (uuidv7(), :case_id::uuid, 'finish', '已经更换，恢复正常', now(), '{by}', '');
UPDATE cases_case SET stage = 'closed', status = 'closed', stage_since = now(), due_at = NULL, closed_at = now(),
       result_text = '已经更换，恢复正常', next_act_at = NULL WHERE id = :case_id::uuid;
INSERT INTO cases_clockevent (case_id, clock, act, run, at, amount, unit, calendar_id, due_at, reason, by)
VALUES (:case_id::uuid, 'stage', 'stop', 3, now(), NULL, '', NULL, NULL, '', '{by}'),
       (:case_id::uuid, 'finish', 'stop', 1, now(), NULL, '', NULL, NULL, '', '{by}');
INSERT INTO audit_event (subject_kind, subject_id, name, at, actor_id, before, after, edition_id, area_code, request_id,
                         due)
VALUES ('case', :case_id, 'case.closed', now(), '{by}', '{{"stage": "handling"}}',
        '{{"move": "finish", "stage": "closed", "note": "0197b1b2-0000-7000-8000-000000000000"}}', '{edition}',
        '{code}', '', ARRAY[]::text[]);
COMMIT;
