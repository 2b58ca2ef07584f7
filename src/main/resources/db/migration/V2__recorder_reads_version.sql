-- A recorder of an older release says that the tables are newer than itself.
GRANT SELECT ON flyway_schema_history TO recorder;
