package dev.events.spring.test;

import java.util.function.Consumer;

import dev.events.delivery.DeliveryTransactions;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.TransactionStatus;
import org.springframework.transaction.support.AbstractPlatformTransactionManager;
import org.springframework.transaction.support.DefaultTransactionStatus;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Transactions of the application's transaction manager, whatever it manages, because the
 * store of a test takes part in all. Where there is none, ones in which only the store
 * takes part. Thread-safe.
 */
final class TestDeliveryTransactions implements DeliveryTransactions {

	private final ObjectProvider<PlatformTransactionManager> managers;

	TestDeliveryTransactions(ObjectProvider<PlatformTransactionManager> managers) {
		this.managers = managers;
	}

	@Override
	public void execute(Consumer<Transaction> work) {
		PlatformTransactionManager manager = this.managers
			.getIfUnique(() -> this.managers.orderedStream().findFirst().orElseGet(StoreOnly::new));
		TransactionTemplate template = new TransactionTemplate(manager);
		template.setPropagationBehavior(TransactionDefinition.PROPAGATION_REQUIRES_NEW);
		template.executeWithoutResult((status) -> work.accept(new SpringTransaction(status)));
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

	/**
	 * Manages no resource.
	 */
	private static final class StoreOnly extends AbstractPlatformTransactionManager {

		private static final long serialVersionUID = 1L;

		@Override
		protected Object doGetTransaction() {
			return new Object();
		}

		@Override
		protected void doBegin(Object transaction, TransactionDefinition definition) {
			// there is nothing to begin
		}

		@Override
		protected void doCommit(DefaultTransactionStatus status) {
			// the store hears of it as a synchronization
		}

		@Override
		protected void doRollback(DefaultTransactionStatus status) {
			// the store hears of it as a synchronization
		}

	}

}
