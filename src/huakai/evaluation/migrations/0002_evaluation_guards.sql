-- Values and decisions of an issue change only while it is collecting. FOR SHARE waits for a freeze under way.
CREATE FUNCTION evaluation_collecting_only() RETURNS trigger
LANGUAGE plpgsql AS $$
DECLARE
    row_issue uuid := CASE WHEN TG_OP = 'DELETE' THEN OLD.issue_id ELSE NEW.issue_id END;
    now_state text;
BEGIN
    IF TG_OP = 'UPDATE' AND NEW.issue_id <> OLD.issue_id THEN
        RAISE EXCEPTION '% stays with its issue', TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    SELECT state INTO now_state FROM evaluation_issue WHERE id = row_issue FOR SHARE;
    IF now_state <> 'collecting' THEN
        RAISE EXCEPTION '% on % is refused: the issue is %', TG_OP, TG_TABLE_NAME, now_state
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END
$$;

-- A published issue never changes; a frozen board never changes except by going back to collecting.
CREATE FUNCTION evaluation_issue_guard() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.state = 'published' THEN
        RAISE EXCEPTION '% of a published issue is refused', TG_OP USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF TG_OP = 'DELETE' THEN
        RETURN OLD;
    END IF;
    IF (OLD.state, NEW.state) NOT IN (
        ('collecting', 'collecting'), ('collecting', 'frozen'), ('frozen', 'approved'),
        ('approved', 'published'), ('frozen', 'collecting'), ('approved', 'collecting')) THEN
        RAISE EXCEPTION 'an issue does not go from % to %', OLD.state, NEW.state
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF OLD.state <> 'collecting' AND NEW.state <> 'collecting'
        AND (NEW.content IS DISTINCT FROM OLD.content OR NEW.content_hash <> OLD.content_hash
            OR NEW.frozen_by_id IS DISTINCT FROM OLD.frozen_by_id OR NEW.frozen_at IS DISTINCT FROM OLD.frozen_at) THEN
        RAISE EXCEPTION 'a frozen board does not change' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF NEW.board <> OLD.board OR NEW.edition_id <> OLD.edition_id OR NEW.area_code <> OLD.area_code
        OR NEW.period <> OLD.period THEN
        RAISE EXCEPTION 'an issue keeps its board, edition, area and period'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END
$$;

CREATE TRIGGER evaluation_value_collecting BEFORE INSERT OR UPDATE OR DELETE ON evaluation_value
    FOR EACH ROW EXECUTE FUNCTION evaluation_collecting_only();
CREATE TRIGGER evaluation_decision_collecting BEFORE INSERT OR UPDATE OR DELETE ON evaluation_decision
    FOR EACH ROW EXECUTE FUNCTION evaluation_collecting_only();
CREATE TRIGGER evaluation_issue_keep BEFORE UPDATE OR DELETE ON evaluation_issue
    FOR EACH ROW EXECUTE FUNCTION evaluation_issue_guard();
