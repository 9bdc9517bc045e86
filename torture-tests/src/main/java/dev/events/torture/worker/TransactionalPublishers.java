package dev.events.torture.worker;

import java.time.Duration;

import dev.events.EventBus;
import dev.events.torture.worker.Publisher.Plan;

import org.springframework.context.annotation.Profile;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;

/**
 * Publishers whose transactions the store takes part in.
 */
@Component
@Profile("postgres")
final class TransactionalPublishers implements PublisherFactory {

	private final WorkerSettings settings;

	private final EventBus events;

	private final JdbcClient jdbc;

	private final PlatformTransactionManager transactions;

	private final Journal journal;

	TransactionalPublishers(WorkerSettings settings, EventBus events, JdbcClient jdbc,
			PlatformTransactionManager transactions, Journal journal) {
		this.settings = settings;
		this.events = events;
		this.jdbc = jdbc;
		this.transactions = transactions;
		this.journal = journal;
	}

	@Override
	public Publisher create(int number) {
		return new TransactionalPublisher(this.settings, number, this.events, this.jdbc, this.transactions,
				this.journal);
	}

	/**
	 * Appends, and sits there before it commits or rolls back.
	 */
	@Component
	@Profile("postgres")
	static final class Holder implements Command {

		private final Publishers publishers;

		private final Publisher publisher;

		Holder(Publishers publishers, TransactionalPublishers factory, WorkerSettings settings) {
			this.publishers = publishers;
			this.publisher = factory.create(settings.publishers());
		}

		@Override
		public String name() {
			return "hold";
		}

		@Override
		public void obey(String[] words) {
			Duration duration = Command.millis(words[1]);
			boolean commit = words[2].equals("commit");
			this.publishers.run("holder", () -> this.publisher.publish(new Plan(2, duration.toMillis(), commit)));
		}

	}

}
