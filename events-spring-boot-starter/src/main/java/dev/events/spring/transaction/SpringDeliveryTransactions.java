package dev.events.spring.transaction;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;
import java.util.function.Supplier;

import javax.sql.DataSource;

import dev.events.EventStoreException;
import dev.events.delivery.DeliveryTransactions;
import dev.events.store.EventStore;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.jdbc.datasource.DataSourceUtils;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.TransactionStatus;
import org.springframework.transaction.support.DefaultTransactionDefinition;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Transactions of the transaction manager that the event store takes part in. Bounded, so
 * that handlers never have all connections of the pool: publishers and the leases need
 * some, too. They are READ COMMITTED, also where the pool's default is another: the row
 * of a cursor changes while a handler runs, because its lease is prolonged, and that must
 * not undo what the handler did. Thread-safe.
 */
public final class SpringDeliveryTransactions implements DeliveryTransactions {

	private static final Logger logger = LoggerFactory.getLogger(SpringDeliveryTransactions.class);

	private final Supplier<List<PlatformTransactionManager>> managers;

	private final EventStore store;

	private final DataSource dataSource;

	private final Semaphore permits;

	private volatile @Nullable TransactionTemplate template;

	/**
	 * Creates the transactions.
	 * @param managers all transaction managers, preferred ones first; asked once, at the
	 * first transaction
	 * @param store what has to take part
	 * @param dataSource that of the store
	 * @param maxTransactions most transactions at the same time
	 */
	public SpringDeliveryTransactions(Supplier<List<PlatformTransactionManager>> managers, EventStore store,
			DataSource dataSource, int maxTransactions) {
		this.managers = managers;
		this.store = store;
		this.dataSource = dataSource;
		this.permits = new Semaphore(maxTransactions, true);
	}

	@Override
	public void execute(Consumer<Transaction> work) {
		TransactionTemplate template = template();
		if (template == null) {
			NONE.execute(work);
			return;
		}
		// whoever has one only waits for its handler, which is bounded by the shutdown
		this.permits.acquireUninterruptibly();
		try {
			template.executeWithoutResult((status) -> work.accept(new SpringTransaction(status)));
		}
		finally {
			this.permits.release();
		}
	}

	private @Nullable TransactionTemplate template() {
		TransactionTemplate known = this.template;
		if (known == null) {
			List<PlatformTransactionManager> all = this.managers.get();
			if (all.isEmpty()) {
				return null;
			}
			PlatformTransactionManager manager = (all.size() == 1) ? all.get(0)
					: all.stream().filter(this::isOfStore).findFirst().orElse(all.get(0));
			known = template(manager);
			if (!isReadCommitted(known)) {
				known.setIsolationLevel(TransactionDefinition.ISOLATION_READ_COMMITTED);
			}
			this.template = known;
		}
		return known;
	}

	/** Asked once: to set the level each time would cost a round trip. */
	private boolean isReadCommitted(TransactionTemplate template) {
		return Boolean.TRUE.equals(template.execute((status) -> {
			Connection connection = DataSourceUtils.getConnection(this.dataSource);
			try {
				return connection.getTransactionIsolation() == Connection.TRANSACTION_READ_COMMITTED;
			}
			catch (SQLException ex) {
				throw new EventStoreException("The isolation level of transactions could not be read", ex);
			}
			finally {
				DataSourceUtils.releaseConnection(connection, this.dataSource);
			}
		}));
	}

	/**
	 * There is no other way to know than to try. One that does not work, such as that of
	 * a broker which cannot be reached, is not the one.
	 */
	private boolean isOfStore(PlatformTransactionManager manager) {
		try {
			return Boolean.TRUE.equals(template(manager).execute((status) -> {
				status.setRollbackOnly();
				return this.store.isInTransaction();
			}));
		}
		catch (RuntimeException ex) {
			logger.debug("{} is not considered for transactional subscribers", manager, ex);
			return false;
		}
	}

	private static TransactionTemplate template(PlatformTransactionManager manager) {
		DefaultTransactionDefinition definition = new DefaultTransactionDefinition(
				TransactionDefinition.PROPAGATION_REQUIRES_NEW);
		definition.setName("events-delivery");
		return new TransactionTemplate(manager, definition);
	}

	private record SpringTransaction(TransactionStatus status) implements Transaction {

		@Override
		public boolean isRollbackOnly() {
			return this.status.isRollbackOnly();
		}

		@Override
		public void flush() {
			this.status.flush();
		}

	}

}
