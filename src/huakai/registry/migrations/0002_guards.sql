-- The tree holds even when code is wrong: a unit's code begins with its parent's, its period lies inside it.
CREATE FUNCTION registry_unit_guard() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    above registry_unit%ROWTYPE;
BEGIN
    IF NEW.parent_id IS NOT NULL THEN
        SELECT * INTO above FROM registry_unit WHERE id = NEW.parent_id;
        IF FOUND THEN
            IF NOT starts_with(NEW.code, above.code) OR length(NEW.code) <= length(above.code) THEN
                RAISE EXCEPTION 'unit_code_under_parent: % does not lie under %', NEW.code, above.code
                    USING ERRCODE = 'check_violation', CONSTRAINT = 'unit_code_under_parent';
            END IF;
            IF NEW.starts_on < above.starts_on
               OR (above.ends_on IS NOT NULL AND (NEW.ends_on IS NULL OR NEW.ends_on > above.ends_on)) THEN
                RAISE EXCEPTION 'unit_period_in_parent: the period of % leaves that of %', NEW.code, above.code
                    USING ERRCODE = 'check_violation', CONSTRAINT = 'unit_period_in_parent';
            END IF;
        END IF;
    END IF;
    IF TG_OP = 'UPDATE' AND EXISTS (
        SELECT 1 FROM registry_unit below
         WHERE below.parent_id = NEW.id
           AND (NOT starts_with(below.code, NEW.code) OR below.starts_on < NEW.starts_on
                OR (NEW.ends_on IS NOT NULL AND (below.ends_on IS NULL OR below.ends_on > NEW.ends_on)))) THEN
        RAISE EXCEPTION 'unit_children_fit: units under % would fall outside it', NEW.code
            USING ERRCODE = 'check_violation', CONSTRAINT = 'unit_children_fit';
    END IF;
    RETURN NULL;
END $$;

-- After the statement, so that a file may move parents and children together.
CREATE CONSTRAINT TRIGGER registry_unit_guard AFTER INSERT OR UPDATE OF code, parent_id, starts_on, ends_on
    ON registry_unit DEFERRABLE INITIALLY IMMEDIATE FOR EACH ROW EXECUTE FUNCTION registry_unit_guard();
