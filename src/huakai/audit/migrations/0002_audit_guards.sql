-- One definition of an event's hash, used when it is written and when it is verified.
-- Core functions only (sha256, jsonb): the embedded server has no extensions.
CREATE FUNCTION audit_event_hash(e audit_event) RETURNS bytea
LANGUAGE sql STABLE AS $$
    SELECT sha256(e.prev_hash || convert_to(jsonb_build_array(
        e.seq, e.subject_kind, e.subject_id, e.subject_seq, e.name,
        (extract(epoch FROM e.at) * 1000000)::bigint,
        e.actor_id, e.before, e.after, e.edition_id, e.area_code, e.request_id, e.due
    )::text, 'UTF8'))
$$;

-- The head row is locked until the writer commits: a subject's events stand in one order, without gaps.
CREATE FUNCTION audit_chain() RETURNS trigger
LANGUAGE plpgsql AS $$
DECLARE
    head audit_head%ROWTYPE;
BEGIN
    SELECT * INTO head FROM audit_head
     WHERE subject_kind = NEW.subject_kind AND subject_id = NEW.subject_id FOR UPDATE;
    IF NOT FOUND THEN
        INSERT INTO audit_head (subject_kind, subject_id, last_seq, last_hash)
        VALUES (NEW.subject_kind, NEW.subject_id, 0, '') ON CONFLICT DO NOTHING;
        SELECT * INTO head FROM audit_head
         WHERE subject_kind = NEW.subject_kind AND subject_id = NEW.subject_id FOR UPDATE;
    END IF;
    NEW.subject_seq := head.last_seq + 1;
    NEW.prev_hash := head.last_hash;
    NEW.hash := audit_event_hash(NEW);
    UPDATE audit_head SET last_seq = NEW.subject_seq, last_hash = NEW.hash
     WHERE subject_kind = NEW.subject_kind AND subject_id = NEW.subject_id;
    RETURN NEW;
END
$$;

CREATE FUNCTION audit_refuse() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% on % is refused: the record is append-only', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'integrity_constraint_violation';
END
$$;

-- Heads move only from inside the chain trigger.
CREATE FUNCTION audit_head_guard() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    IF pg_trigger_depth() < 2 THEN
        RAISE EXCEPTION '% on % is refused: the chain moves its own head', TG_OP, TG_TABLE_NAME
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END
$$;

CREATE TRIGGER audit_event_chain BEFORE INSERT ON audit_event
    FOR EACH ROW EXECUTE FUNCTION audit_chain();
CREATE TRIGGER audit_event_refuse BEFORE UPDATE OR DELETE ON audit_event
    FOR EACH ROW EXECUTE FUNCTION audit_refuse();
CREATE TRIGGER audit_event_keep BEFORE TRUNCATE ON audit_event
    FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse();
CREATE TRIGGER audit_head_move BEFORE INSERT OR UPDATE ON audit_head
    FOR EACH ROW EXECUTE FUNCTION audit_head_guard();
CREATE TRIGGER audit_head_refuse BEFORE DELETE ON audit_head
    FOR EACH ROW EXECUTE FUNCTION audit_refuse();
CREATE TRIGGER audit_head_keep BEFORE TRUNCATE ON audit_head
    FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse();
CREATE TRIGGER audit_delivery_refuse BEFORE UPDATE OR DELETE ON audit_delivery
    FOR EACH ROW EXECUTE FUNCTION audit_refuse();
CREATE TRIGGER audit_delivery_keep BEFORE TRUNCATE ON audit_delivery
    FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse();
