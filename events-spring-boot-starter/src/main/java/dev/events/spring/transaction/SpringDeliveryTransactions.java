package dev.events.spring.transaction;

import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;
import java.util.function.Supplier;

import dev.events.delivery.DeliveryTransactions;
import dev.events.store.EventStore;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.TransactionStatus;
import org.springframework.transaction.support.DefaultTransactionDefinition;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Transactions of the transaction manager that the event store takes part in. Bounded, so
 * that handlers never have all connections of the pool: publishers and the leases need
 * some, too. Thread-safe.
 */
public final class SpringDeliveryTransactions implements DeliveryTransactions {

	private static final Logger logger = LoggerFactory.getLogger(SpringDeliveryTransactions.class);

	private final Supplier<List<PlatformTransactionManager>> managers;

	private final EventStore store;

	private final Semaphore permits;

	private volatile @Nullable PlatformTransactionManager chosen;

	/**
	 * Creates the transactions.
	 * @param managers all transaction managers, preferred ones first; asked once, at the
	 * first transaction
	 * @param store what has to take part
	 * @param maxTransactions most transactions at the same time
	 */
	public SpringDeliveryTransactions(Supplier<List<PlatformTransactionManager>> managers, EventStore store,
			int maxTransactions) {
		this.managers = managers;
		this.store = store;
		this.permits = new Semaphore(maxTransactions, true);
	}

	@Override
	public void execute(Consumer<Transaction> work) {
		PlatformTransactionManager manager = manager();
		if (manager == null) {
			NONE.execute(work);
			return;
		}
		// whoever has one only waits for its handler, which is bounded by the shutdown
		this.permits.acquireUninterruptibly();
		try {
			template(manager).executeWithoutResult((status) -> work.accept(new SpringTransaction(status)));
		}
		finally {
			this.permits.release();
		}
	}

	private @Nullable PlatformTransactionManager manager() {
		PlatformTransactionManager known = this.chosen;
		if (known == null) {
			List<PlatformTransactionManager> all = this.managers.get();
			known = (all.size() == 1) ? all.get(0)
					: all.stream().filter(this::isOfStore).findFirst().orElse(all.isEmpty() ? null : all.get(0));
			this.chosen = known;
		}
		return known;
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
