-- A published edition is what running cases lean on: it never changes.
CREATE FUNCTION packs_edition_refuse() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% on % is refused: a published edition never changes', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'integrity_constraint_violation';
END
$$;

CREATE TRIGGER packs_edition_refuse BEFORE UPDATE OR DELETE ON packs_edition
    FOR EACH ROW EXECUTE FUNCTION packs_edition_refuse();
CREATE TRIGGER packs_edition_keep BEFORE TRUNCATE ON packs_edition
    FOR EACH STATEMENT EXECUTE FUNCTION packs_edition_refuse();
