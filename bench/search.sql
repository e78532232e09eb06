-- Cases whose texts are bench/wishes.py's, spread over stock.sql's plan; no record and no offers: search reads neither.
-- name: told
CREATE TEMP TABLE told (n bigint, title text, detail text, result text);

-- name: cases
INSERT INTO cases_case (
    id, number, edition_id, flow, stage, status, category, service, tag, caller_kind, channel, title, detail,
    urgent, area_id, area_code, lon, lat, requester_id, served_for, opened_by_id, client_key, opened_at,
    stage_since, due_at, due_estimated, answer_due_at, finish_due_at, first_answer_at, closed_at,
    lead_unit_code, taker_person_id, taker_team_id, result_text, minutes_served, stars, photo_count,
    last_move_key)
SELECT id, nextval('case_number'), %(edition)s, 'volunteer_order', stage,
       CASE stage WHEN 'closed' THEN 'closed' WHEN 'cancelled' THEN 'cancelled' ELSE 'open' END,
       category, service, tag, 'resident', 'phone_page', told.title, told.detail,
       false, area_id, area_code, lon, lat, requester_id, 'self', requester_id, 'bench:' || n, opened_at,
       opened_at + interval '3 hours',
       CASE WHEN stage IN ('ordered', 'serving') THEN opened_at + interval '2 days' END, false,
       opened_at + interval '4 hours', opened_at + interval '5 days',
       CASE WHEN stage IN ('closed', 'serving') THEN opened_at + interval '1 hour' END,
       CASE WHEN stage IN ('closed', 'cancelled') THEN opened_at + interval '1 day' END,
       '',
       CASE WHEN stage IN ('closed', 'serving') THEN taker_person_id END,
       CASE WHEN stage IN ('closed', 'serving') THEN taker_team_id END,
       CASE WHEN stage = 'closed' THEN told.result ELSE '' END,
       CASE WHEN stage = 'closed' THEN 45 END, CASE WHEN stage = 'closed' AND r2 < 0.4 THEN 5 END, 0, ''
  FROM plan JOIN told USING (n) ORDER BY n;
