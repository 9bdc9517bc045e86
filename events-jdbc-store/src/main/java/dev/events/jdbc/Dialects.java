package dev.events.jdbc;

import java.sql.Connection;
import java.sql.SQLException;

/**
 * Finds the dialect of a database.
 */
final class Dialects {

	private Dialects() {
	}

	static Dialect detect(Database database) {
		String product = database.autocommit("be opened", Dialects::product);
		return switch (product) {
			case "PostgreSQL" -> new PostgresDialect();
			case "H2" -> new H2Dialect();
			default -> throw new IllegalStateException("The JDBC event store does not support " + product
					+ "; use PostgreSQL, or H2 for development, for example by giving it a data source of its own "
					+ "(@EventsDataSource or events.jdbc.data-source)");
		};
	}

	/**
	 * Also tells what only speaks PostgreSQL's protocol: it has neither its advisory
	 * locks nor its sequences, without which readers of the log would miss events.
	 */
	private static String product(Connection connection) throws SQLException {
		String product = connection.getMetaData().getDatabaseProductName();
		if (!product.equals("PostgreSQL")) {
			return product;
		}
		String version = Sql.query(connection, "select version()", (rows) -> rows.getString(1)).get(0);
		return (version.contains("CockroachDB") || version.contains("-YB-")) ? version : product;
	}

}
