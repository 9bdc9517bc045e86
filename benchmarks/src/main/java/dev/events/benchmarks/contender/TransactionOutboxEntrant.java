package dev.events.benchmarks.contender;

import java.time.Duration;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

import com.gruelbox.transactionoutbox.Dialect;
import com.gruelbox.transactionoutbox.Instantiator;
import com.gruelbox.transactionoutbox.Persistor;
import com.gruelbox.transactionoutbox.SpringTransactionManager;
import com.gruelbox.transactionoutbox.SpringTransactionOutboxConfiguration;
import com.gruelbox.transactionoutbox.Submitter;
import com.gruelbox.transactionoutbox.TransactionOutbox;
import dev.events.benchmarks.contender.Setup.Role;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * transaction-outbox: calls are handed to a pool of threads after the commit, and a
 * thread flushes what was left over, as its documentation shows. Data is JSON in a
 * string, because its serializer knows only simple types.
 */
final class TransactionOutboxEntrant implements Entrant {

	private static final int THREADS = 8;

	private static final int QUEUE = 16_384;

	@Override
	public String name() {
		return "transaction-outbox";
	}

	@Override
	public Set<Ability> abilities() {
		return EnumSet.of(Ability.DELIVERY, Ability.BOTH_AT_ONCE, Ability.SUBSCRIBERS);
	}

	@Override
	public Contender start(Setup setup) {
		return new Node(BootContext.start(setup, "com.gruelbox.", Map.of(), (context) -> addBeans(context, setup),
				Application.class), setup);
	}

	private static void addBeans(GenericApplicationContext context, Setup setup) {
		ThreadPoolExecutor executor = new ThreadPoolExecutor(THREADS, THREADS, 1, TimeUnit.SECONDS,
				new ArrayBlockingQueue<>(QUEUE));
		context.registerBean(ThreadPoolExecutor.class, () -> executor);
		context.registerBean(TransactionOutbox.class,
				() -> TransactionOutbox.builder()
					.transactionManager(context.getBean(SpringTransactionManager.class))
					.persistor(Persistor.forDialect(Dialect.POSTGRESQL_9))
					.instantiator(Instantiator.using((type) -> new SinkHandler(setup.sink())))
					.attemptFrequency(Duration.ofMinutes(2))
					.submitter(setup.publishesOnly() ? (entry, work) -> {
					} : Submitter.withExecutor(executor))
					.build());
		context.registerBean(Publishing.class, () -> {
			TransactionOutbox outbox = context.getBean(TransactionOutbox.class);
			JsonMapper json = context.getBean(JsonMapper.class);
			return new Publishing((orders) -> orders.forEach((order) -> {
				String data = json.writeValueAsString(order);
				for (int i = 0; i < setup.subscribers(); i++) {
					outbox.schedule(Handler.class).handle(data);
				}
			}));
		});
	}

	@Configuration(proxyBeanMethods = false)
	@Import(SpringTransactionOutboxConfiguration.class)
	static class Application {

	}

	/**
	 * What is called. Public, because proxies are made of it.
	 */
	public interface Handler {

		void handle(String json);

	}

	private record SinkHandler(Sink sink) implements Handler {

		@Override
		public void handle(String json) {
			this.sink.accept(JsonMapper.shared().readValue(json, Order.class));
		}

	}

	private static final class Node extends SpringNode {

		private final ThreadPoolExecutor executor;

		private final TransactionOutbox outbox;

		private final @Nullable Thread flusher;

		private volatile boolean stopped;

		Node(ConfigurableApplicationContext context, Setup setup) {
			super(context);
			this.executor = context.getBean(ThreadPoolExecutor.class);
			this.outbox = context.getBean(TransactionOutbox.class);
			if (setup.role() == Role.SUBSCRIBER) {
				// it would wait two minutes for what another node has published
				context.getBean(JdbcTemplate.class).update("update txno_outbox set nextattempttime = now()");
			}
			this.flusher = setup.publishesOnly() ? null : new Thread(this::flush, "flusher");
			if (this.flusher != null) {
				this.flusher.start();
			}
		}

		private void flush() {
			while (!this.stopped) {
				// more than the queue takes would come back only after attemptFrequency
				boolean room = this.executor.getQueue().size() < QUEUE / 2;
				if (!room || !this.outbox.flush()) {
					LockSupport.parkNanos(20_000_000);
				}
			}
		}

		@Override
		public void close() {
			this.stopped = true;
			if (this.flusher != null) {
				try {
					this.flusher.join();
				}
				catch (InterruptedException ex) {
					Thread.currentThread().interrupt();
				}
			}
			this.executor.shutdownNow();
			super.close();
		}

	}

}
