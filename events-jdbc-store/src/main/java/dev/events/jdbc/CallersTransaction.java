package dev.events.jdbc;

import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.SQLException;
import java.util.Map;
import javax.sql.DataSource;

import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.datasource.ConnectionHolder;
import org.springframework.jdbc.datasource.DataSourceUtils;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * Finds the Spring transaction on our database that the calling thread is in, if it is in
 * one. Transaction managers bind it to the data source that they were given, which may be
 * another wrapper of ours than the one we were given. Thread-safe.
 */
final class CallersTransaction {

	private final DataSource dataSource;

	private volatile @Nullable Address address;

	CallersTransaction(DataSource dataSource) {
		this.dataSource = dataSource;
	}

	/**
	 * Whether the caller is in a transaction of any resource that Spring knows, whose end
	 * we can still hear of. While callbacks run after completion it is over, although
	 * Spring still calls it active.
	 */
	static boolean isInAny() {
		return TransactionSynchronizationManager.isActualTransactionActive()
				&& TransactionSynchronizationManager.isSynchronizationActive();
	}

	/**
	 * What the transaction is bound to, if there is one.
	 * @param autocommitPool whether the pool gives connections in auto-commit mode
	 */
	@Nullable DataSource boundTo(boolean autocommitPool) throws SQLException {
		if (!isInAny() || !autocommitPool && keepsConnectionsOpen()) {
			return null;
		}
		if (isTransaction(this.dataSource, TransactionSynchronizationManager.getResource(this.dataSource))) {
			return this.dataSource;
		}
		for (Map.Entry<Object, Object> resource : TransactionSynchronizationManager.getResourceMap().entrySet()) {
			if (resource.getKey() instanceof DataSource candidate && isTransaction(candidate, resource.getValue())) {
				return candidate;
			}
		}
		return null;
	}

	/**
	 * A transaction manager of something else may be active while a connection of ours is
	 * merely kept open for the time of its transaction; that one is in auto-commit mode,
	 * unless the pool has that switched off.
	 */
	private boolean isTransaction(DataSource boundTo, @Nullable Object resource) throws SQLException {
		return resource instanceof ConnectionHolder holder && DataSourceTargets.mayLeadTo(boundTo, this.dataSource)
				&& !holder.getConnection().getAutoCommit()
				&& (DataSourceTargets.areSame(boundTo, this.dataSource) || leadsHere(holder.getConnection()));
	}

	/** Whether the target that was chosen for the transaction is our database. */
	private boolean leadsHere(Connection connection) throws SQLException {
		Address ours = this.address;
		if (ours == null) {
			try (Connection own = this.dataSource.getConnection()) {
				ours = Address.of(own);
				this.address = ours;
			}
		}
		return ours.equals(Address.of(connection));
	}

	/**
	 * Whether Spring keeps some connection open for a transaction that did not begin on
	 * it; there is no other sign of that than how it wants to hear of the end.
	 */
	private static boolean keepsConnectionsOpen() {
		return TransactionSynchronizationManager.getSynchronizations()
			.stream()
			.anyMatch((synchronization) -> synchronization.getClass().getEnclosingClass() == DataSourceUtils.class);
	}

	/**
	 * Where a connection leads.
	 *
	 * @param url database
	 * @param user as whom
	 */
	private record Address(@Nullable String url, @Nullable String user) {

		static Address of(Connection connection) throws SQLException {
			DatabaseMetaData metaData = connection.getMetaData();
			return new Address(metaData.getURL(), metaData.getUserName());
		}

	}

}
