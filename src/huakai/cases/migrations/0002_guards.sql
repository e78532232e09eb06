-- The number people read out on the telephone: never reused, gaps allowed.
CREATE SEQUENCE case_number START 240001;
