-- One outline a day: two periods of a unit never overlap (an exclusion constraint would need an extension).
CREATE FUNCTION registry_areashape_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    -- Whoever writes an outline of this unit waits for the other one, else both would see no overlap.
    PERFORM 1 FROM registry_unit WHERE id = NEW.unit_id FOR NO KEY UPDATE;
    IF EXISTS (
        SELECT 1 FROM registry_areashape other
         WHERE other.unit_id = NEW.unit_id AND other.id <> NEW.id
           AND daterange(other.starts_on, other.ends_on) && daterange(NEW.starts_on, NEW.ends_on)) THEN
        RAISE EXCEPTION 'shape_no_overlap: unit % has another outline in this period', NEW.unit_id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'shape_no_overlap';
    END IF;
    RETURN NULL;
END $$;

-- After the statement, so that one import may end an outline and begin the next.
CREATE CONSTRAINT TRIGGER registry_areashape_guard AFTER INSERT OR UPDATE OF unit_id, starts_on, ends_on
    ON registry_areashape DEFERRABLE INITIALLY IMMEDIATE FOR EACH ROW EXECUTE FUNCTION registry_areashape_guard();

-- 20 000 corners are some 800 kB; what is larger was not simplified.
ALTER TABLE registry_areashape ADD CONSTRAINT shape_size CHECK (octet_length(geometry::text) <= 2097152);
