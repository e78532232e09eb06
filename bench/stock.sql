-- A busy place after two years: cases with their chain and their record, written set by set.
-- Every audit event goes through the table's own trigger, so `huakai audit verify` finds nothing afterwards.
-- Parameters (psycopg): cases. The registry (units, volunteers, teams) has been imported before.

-- name: volunteers
-- Each imported volunteer four times, beside the original: some thousand, so that candidates are a real search.
WITH source AS (
    SELECT v.*, p.name_enc, p.name_masked, p.name_hash, p.honorific, p.language, p.home_unit_id, copy,
           uuidv7() AS fresh
      FROM registry_volunteer v JOIN registry_person p ON p.id = v.person_id, generate_series(1, 4) AS copy
), persons AS (
    INSERT INTO registry_person (id, name_enc, name_masked, name_hash, phone_masked, idno_masked, honorific,
                                 language, home_unit_id, is_synthetic, created_at)
    SELECT fresh, name_enc, name_masked, name_hash, '', '', honorific, language, unit_id, true, now()
      FROM source
)
INSERT INTO registry_volunteer (person_id, unit_id, registered_on, skills, capacity_per_week, state, lon, lat)
SELECT fresh, unit_id, registered_on, skills, capacity_per_week, state,
       lon + (random() - 0.5) / 100, lat + (random() - 0.5) / 100
  FROM source;

-- name: residents
WITH areas AS (
    SELECT id, row_number() OVER (ORDER BY code) AS at, count(*) OVER () AS many
      FROM registry_unit WHERE kind IN ('community', 'village')
), sample AS (
    SELECT name_enc, name_masked, name_hash, row_number() OVER () AS at, count(*) OVER () AS many
      FROM registry_person
)
INSERT INTO registry_person (id, name_enc, name_masked, name_hash, phone_masked, idno_masked, honorific,
                             language, home_unit_id, is_synthetic, created_at)
SELECT uuidv7(), s.name_enc, s.name_masked, s.name_hash, '', '', '', 'zh-hans', a.id, true, now()
  FROM generate_series(1, 20000) AS n
  JOIN areas a ON a.at = n % a.many + 1
  JOIN sample s ON s.at = n % s.many + 1;

-- name: plan
-- One row per case to be: where, what, by whom, how far it came. Older cases are finished, fresh ones are not.
CREATE TEMP TABLE plan AS
WITH areas AS MATERIALIZED (
    SELECT id, code, lon, lat, row_number() OVER (ORDER BY code) AS at
      FROM registry_unit WHERE kind IN ('community', 'village')
), residents AS MATERIALIZED (
    SELECT id, row_number() OVER (ORDER BY id) AS at FROM registry_person WHERE phone_hash IS NULL
), takers AS MATERIALIZED (
    SELECT person_id, row_number() OVER (ORDER BY person_id) AS at FROM registry_volunteer
), teams AS MATERIALIZED (
    SELECT id, row_number() OVER (ORDER BY code) AS at FROM registry_team
), many AS MATERIALIZED (
    SELECT (SELECT count(*) FROM areas) AS areas, (SELECT count(*) FROM residents) AS residents,
           (SELECT count(*) FROM takers) AS takers, (SELECT count(*) FROM teams) AS teams,
           (SELECT count(*) FROM offered) AS offered
), draw AS MATERIALIZED (
    SELECT n, random() AS r1, random() AS r2, random() AS r3,
           now() - interval '1 hour' - interval '700 days' * (1 - n::float / %(cases)s) AS opened_at,
           1 + floor(random() * areas)::bigint AS area, 1 + floor(random() * residents)::bigint AS resident,
           1 + floor(random() * takers)::bigint AS taker, 1 + floor(random() * teams)::bigint AS team,
           1 + floor(random() * offered)::bigint AS service
      FROM generate_series(1, %(cases)s) AS n, many
)
SELECT d.n, uuidv7(d.opened_at - clock_timestamp()) AS id, d.opened_at,
       a.id AS area_id, a.code AS area_code, a.lon + (d.r2 - 0.5) / 200 AS lon, a.lat + (d.r3 - 0.5) / 200 AS lat,
       o.code AS service, o.category, o.tag, o.title, p.id AS requester_id,
       CASE WHEN d.r3 < 0.8 THEN t.person_id END AS taker_person_id,
       CASE WHEN d.r3 >= 0.8 THEN m.id END AS taker_team_id,
       CASE WHEN d.n < %(cases)s * 0.97 THEN CASE WHEN d.r1 < 0.93 THEN 'closed'
                                             WHEN d.r1 < 0.98 THEN 'cancelled' ELSE 'serving' END
            WHEN d.r1 < 0.5 THEN 'ordered' WHEN d.r1 < 0.65 THEN 'serving' ELSE 'closed' END AS stage,
       d.r2
  FROM draw d
  JOIN areas a ON a.at = d.area
  JOIN offered o ON o.at = d.service
  JOIN residents p ON p.at = d.resident
  JOIN takers t ON t.at = d.taker
  JOIN teams m ON m.at = d.team;

-- name: cases
INSERT INTO cases_case (
    id, number, edition_id, flow, stage, status, category, service, tag, caller_kind, channel, title, detail,
    urgent, area_id, area_code, lon, lat, requester_id, served_for, opened_by_id, client_key, opened_at,
    stage_since, due_at, due_estimated, answer_due_at, finish_due_at, first_answer_at, closed_at,
    lead_unit_code, taker_person_id, taker_team_id, result_text, minutes_served, stars, photo_count,
    last_move_key)
SELECT id, nextval('case_number'), %(edition)s, 'volunteer_order', stage,
       CASE stage WHEN 'closed' THEN 'closed' WHEN 'cancelled' THEN 'cancelled' ELSE 'open' END,
       category, service, tag, 'resident', 'phone_page', title, '请上午来，楼道里没有电梯，电话打通再上楼。',
       false, area_id, area_code, lon, lat, requester_id, 'self', requester_id, 'bench:' || n, opened_at,
       opened_at + interval '3 hours',
       CASE WHEN stage IN ('ordered', 'serving') THEN opened_at + interval '2 days' END, false,
       opened_at + interval '4 hours', opened_at + interval '5 days',
       CASE WHEN stage IN ('closed', 'serving') THEN opened_at + interval '1 hour' END,
       CASE WHEN stage IN ('closed', 'cancelled') THEN opened_at + interval '1 day' END,
       '',
       CASE WHEN stage IN ('closed', 'serving') THEN taker_person_id END,
       CASE WHEN stage IN ('closed', 'serving') THEN taker_team_id END,
       CASE WHEN stage = 'closed' THEN '已经上门服务，老人很满意。' ELSE '' END,
       CASE WHEN stage = 'closed' THEN 45 END, CASE WHEN stage = 'closed' AND r2 < 0.4 THEN 5 END, 0, ''
  FROM plan ORDER BY n;

-- name: assignments
INSERT INTO cases_assignment (id, case_id, kind, person_id, team_id, state, offered_at, lease_until,
                              answered_at, reason)
SELECT uuidv7(opened_at - clock_timestamp()), id,
       CASE WHEN taker_person_id IS NULL THEN 'team' ELSE 'person' END, taker_person_id, taker_team_id,
       CASE stage WHEN 'closed' THEN 'done' ELSE 'accepted' END, opened_at + interval '30 minutes',
       opened_at + interval '150 minutes', opened_at + interval '1 hour', ''
  FROM plan WHERE stage IN ('closed', 'serving') ORDER BY n;

-- name: events
-- Four lines of record for a finished case, one for a fresh one.
INSERT INTO audit_event (subject_kind, subject_id, name, at, actor_id, before, after, edition_id, area_code,
                         request_id, due)
SELECT 'case', p.id::text, e.name, p.opened_at + e.later, p.requester_id, e.before, e.after, %(edition)s,
       p.area_code, replace(p.id::text, '-', ''), e.due
  FROM plan p, LATERAL (VALUES
       ('case.opened', interval '0', '{}'::jsonb,
        jsonb_build_object('flow', 'volunteer_order', 'stage', 'ordered', 'category', p.category,
                           'service', p.service, 'channel', 'phone_page', 'requester', p.requester_id),
        ARRAY['matching.propose_taker'], true),
       ('case.offered', interval '30 minutes', '{"stage": "ordered"}', '{"move": "offer", "stage": "offered"}',
        ARRAY[]::text[], p.stage IN ('closed', 'serving')),
       ('case.accepted', interval '1 hour', '{"stage": "offered"}', '{"move": "accept", "stage": "serving"}',
        ARRAY[]::text[], p.stage IN ('closed', 'serving')),
       ('case.closed', interval '1 day', '{"stage": "serving"}', '{"move": "finish", "stage": "closed"}',
        ARRAY[]::text[], p.stage = 'closed'),
       ('case.cancelled', interval '1 day', '{"stage": "ordered"}', '{"move": "cancel", "stage": "cancelled"}',
        ARRAY[]::text[], p.stage = 'cancelled')
  ) AS e(name, later, before, after, due, happened)
 WHERE e.happened AND p.n > %(from)s AND p.n <= %(to)s ORDER BY p.n, e.later;

-- name: deliveries
INSERT INTO audit_delivery (event_id, handler)
SELECT seq, 'matching.propose_taker' FROM audit_event WHERE name = 'case.opened' ON CONFLICT DO NOTHING;
