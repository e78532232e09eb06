-- Double entry: per posting and kind the legs cancel out, checked when the transaction commits.
CREATE FUNCTION ledger_legs_cancel() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT 1 FROM ledger_leg l JOIN ledger_book b ON b.id = l.book_id
        WHERE l.posting_id = NEW.posting_id GROUP BY b.kind HAVING sum(l.amount) <> 0
    ) THEN
        RAISE EXCEPTION 'legs of posting % do not sum to zero', NEW.posting_id USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER ledger_legs_cancel AFTER INSERT ON ledger_leg
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION ledger_legs_cancel();

CREATE FUNCTION ledger_is_final() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER ledger_posting_final BEFORE UPDATE OR DELETE ON ledger_posting
    FOR EACH ROW EXECUTE FUNCTION ledger_is_final();
CREATE TRIGGER ledger_leg_final BEFORE UPDATE OR DELETE ON ledger_leg
    FOR EACH ROW EXECUTE FUNCTION ledger_is_final();
