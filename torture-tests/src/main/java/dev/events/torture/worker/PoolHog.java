package dev.events.torture.worker;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import javax.sql.DataSource;

import com.zaxxer.hikari.HikariDataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.context.annotation.Profile;
import org.springframework.stereotype.Component;

/**
 * Takes all connections of the pool, so that nobody else gets one.
 */
@Component
@Profile("postgres")
final class PoolHog implements Command {

	private static final Logger logger = LoggerFactory.getLogger(PoolHog.class);

	private final HikariDataSource pool;

	PoolHog(DataSource dataSource) {
		this.pool = (HikariDataSource) dataSource;
	}

	@Override
	public String name() {
		return "pool";
	}

	/** Takes them in the background, and gives them back after that time. */
	@Override
	public void obey(String[] words) {
		Duration duration = Command.millis(words[1]);
		Thread thread = new Thread(() -> run(duration), "pool-hog");
		thread.setDaemon(true);
		thread.start();
	}

	private void run(Duration duration) {
		long end = System.nanoTime() + duration.toNanos();
		List<Connection> taken = new ArrayList<>();
		try {
			while (taken.size() < this.pool.getMaximumPoolSize() && System.nanoTime() < end) {
				taken.add(this.pool.getConnection());
			}
		}
		catch (SQLException ex) {
			logger.info("Got only {} connections: {}", taken.size(), ex.getMessage());
		}
		while (System.nanoTime() < end) {
			LockSupport.parkNanos(end - System.nanoTime());
		}
		for (Connection connection : taken) {
			close(connection);
		}
	}

	private static void close(Connection connection) {
		try {
			connection.close();
		}
		catch (SQLException ex) {
			logger.info("Broken meanwhile: {}", ex.getMessage());
		}
	}

}
