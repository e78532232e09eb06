-- Of a lexeme outside the statistics the planner believes that 0.5 % of the cases hold it, and then walks through all
-- of them for a word that stands in three. With ten times the usual statistics it believes 0.02 % (ANALYZE: 6 s for a
-- million cases).
ALTER TABLE cases_casewords ALTER COLUMN words SET STATISTICS 1000;
