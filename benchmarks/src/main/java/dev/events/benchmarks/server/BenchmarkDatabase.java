package dev.events.benchmarks.server;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;

/**
 * A database of its own on the server.
 *
 * @param name its name
 * @param store what kind of server it is on
 * @param url its JDBC URL, or {@code redis://host:port}
 * @param process process of the server
 */
public record BenchmarkDatabase(String name, Store store, String url, long process) {

	public static final String USER = "postgres";

	/** A pool as the contenders have it. */
	public HikariDataSource pool(int size) {
		HikariConfig config = new HikariConfig();
		config.setJdbcUrl(this.url);
		config.setUsername(USER);
		config.setMaximumPoolSize(size);
		return new HikariDataSource(config);
	}

}
