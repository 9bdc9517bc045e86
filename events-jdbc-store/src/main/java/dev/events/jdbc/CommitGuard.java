package dev.events.jdbc;

import java.sql.Connection;
import java.sql.SQLException;
import javax.sql.DataSource;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.datasource.ConnectionHolder;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * Commits what is appended in the callbacks after the commit of a Spring transaction. Its
 * connection is still there then, and takes statements, but nobody would commit them:
 * with a pool that has auto-commit switched off they would be rolled back.
 */
final class CommitGuard {

	private static final Logger logger = LoggerFactory.getLogger(CommitGuard.class);

	/**
	 * Guards the transaction of the calling thread, once.
	 * @param boundTo the data source it is bound to
	 */
	void protect(DataSource boundTo) {
		if (TransactionSynchronizationManager.getResource(this) == null) {
			Guard guard = new Guard(boundTo);
			TransactionSynchronizationManager.bindResource(this, guard);
			TransactionSynchronizationManager.registerSynchronization(guard);
		}
	}

	private final class Guard implements TransactionSynchronization {

		private final DataSource boundTo;

		Guard(DataSource boundTo) {
			this.boundTo = boundTo;
		}

		@Override
		public void suspend() {
			TransactionSynchronizationManager.unbindResource(CommitGuard.this);
		}

		@Override
		public void resume() {
			TransactionSynchronizationManager.bindResource(CommitGuard.this, this);
		}

		@Override
		public void afterCompletion(int status) {
			TransactionSynchronizationManager.unbindResourceIfPossible(CommitGuard.this);
			if (status == STATUS_COMMITTED
					&& TransactionSynchronizationManager.getResource(this.boundTo) instanceof ConnectionHolder holder) {
				commit(holder);
			}
		}

		private void commit(ConnectionHolder holder) {
			try {
				Connection connection = holder.getConnection();
				if (!connection.isClosed() && !connection.getAutoCommit()) {
					connection.commit();
				}
			}
			catch (SQLException | RuntimeException ex) {
				logger.error("Events that were published after the commit of a transaction may not have been stored",
						ex);
			}
		}

	}

}
