-- What was counted and said stays as it was: clock lines, ratings and consultations are appended, never changed.
CREATE FUNCTION cases_is_final() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER clock_event_final BEFORE UPDATE OR DELETE ON cases_clockevent
    FOR EACH ROW EXECUTE FUNCTION cases_is_final();
CREATE TRIGGER rating_final BEFORE UPDATE OR DELETE ON cases_rating
    FOR EACH ROW EXECUTE FUNCTION cases_is_final();
CREATE TRIGGER consultation_final BEFORE UPDATE OR DELETE ON cases_consultation
    FOR EACH ROW EXECUTE FUNCTION cases_is_final();
