package dev.events.jdbc;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;

import dev.events.EventStoreException;
import dev.events.store.SchemaRecord;
import dev.events.store.Schemas;

/**
 * Schemas as rows.
 */
final class JdbcSchemas implements Schemas {

	private final Database database;

	private final String select;

	private final String insert;

	JdbcSchemas(Database database, Tables tables) {
		this.database = database;
		this.select = "select event_type, version, document from " + tables.schemas();
		this.insert = "insert into " + tables.schemas() + " (event_type, version, document) select ?, ?, ? "
				+ "where not exists (select 1 from " + tables.schemas() + " where event_type = ? and version = ?)";
	}

	@Override
	public SchemaRecord add(SchemaRecord schema) {
		try {
			insert(schema);
		}
		catch (EventStoreException ex) {
			if (!Database.isDuplicate(ex)) {
				throw ex;
			}
			// another node was faster
		}
		return this.database.autocommit("read a schema",
				(connection) -> Sql
					.queryOne(connection, this.select + " where event_type = ? and version = ?", JdbcSchemas::record,
							schema.type(), schema.version())
					.orElseThrow());
	}

	private void insert(SchemaRecord schema) {
		this.database.autocommit("add a schema", (connection) -> Sql.update(connection, this.insert, schema.type(),
				schema.version(), schema.document(), schema.type(), schema.version()));
	}

	@Override
	public List<SchemaRecord> list() {
		return this.database.autocommit("read schemas",
				(connection) -> Sql.query(connection, this.select, JdbcSchemas::record));
	}

	private static SchemaRecord record(ResultSet rows) throws SQLException {
		return new SchemaRecord(rows.getString("event_type"), rows.getString("version"), rows.getString("document"));
	}

}
