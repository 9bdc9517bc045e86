package dev.events.test.postgres;

import java.util.Map;

import javax.sql.DataSource;

import org.postgresql.ds.PGSimpleDataSource;

/**
 * A database of a {@link PostgresServer}. The user may do everything in it.
 *
 * @param name name of the database
 * @param jdbcUrl JDBC URL, without user and password
 * @param user user to connect as
 * @param password the user's password
 */
public record PostgresDatabase(String name, String jdbcUrl, String user, String password) {

	/**
	 * A new data source without a pool: every connection is a new one. Can be used from
	 * several threads.
	 */
	public DataSource dataSource() {
		return dataSource(Map.of());
	}

	/**
	 * A new data source without a pool.
	 * @param serverSettings settings of each connection, for example
	 * {@code default_transaction_isolation}; values must not contain spaces
	 */
	public DataSource dataSource(Map<String, String> serverSettings) {
		PGSimpleDataSource dataSource = new PGSimpleDataSource();
		dataSource.setUrl(this.jdbcUrl);
		dataSource.setUser(this.user);
		dataSource.setPassword(this.password);
		if (!serverSettings.isEmpty()) {
			StringBuilder options = new StringBuilder();
			serverSettings.forEach((name, value) -> options.append("-c ")
				.append(name)
				.append('=')
				.append(value.replace(" ", "\\ "))
				.append(' '));
			dataSource.setOptions(options.toString().trim());
		}
		return dataSource;
	}

}
