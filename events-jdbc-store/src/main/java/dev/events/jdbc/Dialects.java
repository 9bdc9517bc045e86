package dev.events.jdbc;

/**
 * Finds the dialect of a database.
 */
final class Dialects {

	private Dialects() {
	}

	static Dialect detect(Database database) {
		String product = database.autocommit("be opened",
				(connection) -> connection.getMetaData().getDatabaseProductName());
		return switch (product) {
			case "PostgreSQL" -> new PostgresDialect();
			case "H2" -> new H2Dialect();
			default -> throw new IllegalStateException("The JDBC event store does not support " + product
					+ "; use PostgreSQL, or H2 for development, for example by giving it a data source of its own "
					+ "(@EventsDataSource or events.jdbc.data-source)");
		};
	}

}
