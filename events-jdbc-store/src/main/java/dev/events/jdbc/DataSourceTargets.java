package dev.events.jdbc;

import javax.sql.DataSource;

import dev.events.EventStoreException;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.datasource.DelegatingDataSource;
import org.springframework.jdbc.datasource.LazyConnectionDataSourceProxy;
import org.springframework.jdbc.datasource.ShardingKeyDataSourceAdapter;
import org.springframework.jdbc.datasource.TransactionAwareDataSourceProxy;
import org.springframework.jdbc.datasource.UserCredentialsDataSourceAdapter;
import org.springframework.jdbc.datasource.lookup.AbstractRoutingDataSource;

/**
 * Looks behind Spring's wrappers of data sources.
 */
final class DataSourceTargets {

	private DataSourceTargets() {
	}

	/**
	 * Where connections for our own work come from: never those of the caller's
	 * transaction, and always to the same database.
	 */
	static DataSource ownSource(DataSource dataSource) {
		DataSource source = dataSource;
		DataSource current = dataSource;
		while (true) {
			DataSource next = target(current);
			if (current instanceof AbstractRoutingDataSource routing) {
				next = routing.getResolvedDefaultDataSource();
				if (next == null) {
					throw new EventStoreException("The data source of the event store chooses among several "
							+ "targets and has no default target, so nobody knows which of them holds the events. Mark "
							+ "that one with @EventsDataSource, name it by events.jdbc.data-source, or make it the "
							+ "default target", null);
				}
				source = next;
			}
			else if (current instanceof TransactionAwareDataSourceProxy
					|| current instanceof LazyConnectionDataSourceProxy) {
				source = (next != null) ? next : source;
			}
			if (next == null) {
				return source;
			}
			current = next;
		}
	}

	/** Whether it depends on the caller to which database its connections lead. */
	static boolean isRouting(DataSource dataSource) {
		return innermost(dataSource) instanceof AbstractRoutingDataSource;
	}

	/** Whether connections of one are connections of the other, too. */
	static boolean areSame(DataSource one, DataSource other) {
		return innermost(one) == innermost(other);
	}

	/** Whether some connections of one may be connections of the other. */
	static boolean mayLeadTo(DataSource from, DataSource to) {
		return areSame(from, to) || innermost(from) instanceof AbstractRoutingDataSource routing
				&& routing.getResolvedDataSources().values().stream().anyMatch((target) -> mayLeadTo(target, to));
	}

	private static DataSource innermost(DataSource dataSource) {
		DataSource current = dataSource;
		for (DataSource next = target(current); next != null; next = target(current)) {
			current = next;
		}
		return current;
	}

	private static @Nullable DataSource target(DataSource dataSource) {
		// those give connections of somebody else, or to another place
		boolean differs = dataSource instanceof UserCredentialsDataSourceAdapter
				|| dataSource instanceof ShardingKeyDataSourceAdapter;
		return (!differs && dataSource instanceof DelegatingDataSource wrapper) ? wrapper.getTargetDataSource() : null;
	}

}
