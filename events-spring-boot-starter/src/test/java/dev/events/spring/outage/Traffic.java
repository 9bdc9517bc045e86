package dev.events.spring.outage;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.LockSupport;

import dev.events.Event;
import dev.events.EventBus;
import dev.events.EventSubscriber;

import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.transaction.TransactionException;
import org.springframework.transaction.support.TransactionTemplate;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Publishes without end, half of it in transactions of the application, and keeps account
 * of what publishers were told and what the subscriber got.
 */
final class Traffic implements AutoCloseable {

	private static final String TYPE = "traffic";

	private static final int PUBLISHERS = 4;

	private final EventBus bus;

	private final TransactionTemplate transaction;

	private final List<Thread> publishers = new ArrayList<>();

	// numbers that publishers were told are published, by key
	private final Map<String, Queue<Integer>> acknowledged = new ConcurrentHashMap<>();

	private final List<Failure> failures = new CopyOnWriteArrayList<>();

	private volatile boolean stopped;

	Traffic(EventBus bus, TransactionTemplate transaction) {
		this.bus = bus;
		this.transaction = transaction;
	}

	void start() {
		for (int i = 0; i < PUBLISHERS; i++) {
			String key = "key-" + i;
			boolean transactional = i % 2 == 0;
			Thread publisher = new Thread(() -> publish(key, transactional), "publisher-" + i);
			publisher.start();
			this.publishers.add(publisher);
		}
	}

	private void publish(String key, boolean transactional) {
		for (int number = 1; !this.stopped; number++) {
			Event<Integer> event = Event.of(TYPE, number).withKey(key);
			long begin = System.nanoTime();
			try {
				if (transactional) {
					this.transaction.executeWithoutResult((status) -> this.bus.publish(event));
				}
				else {
					this.bus.publish(event);
				}
				this.acknowledged.computeIfAbsent(key, (any) -> new ConcurrentLinkedQueue<>()).add(number);
			}
			catch (RuntimeException ex) {
				this.failures.add(new Failure(transactional, ex, Duration.ofNanos(System.nanoTime() - begin)));
			}
			LockSupport.parkNanos(Duration.ofMillis(5).toNanos());
		}
	}

	/** Ends when every publisher has its last answer. */
	void stop() throws InterruptedException {
		this.stopped = true;
		for (Thread publisher : this.publishers) {
			publisher.join(Duration.ofSeconds(30).toMillis());
			assertThat(publisher.isAlive()).isFalse();
		}
	}

	@Override
	public void close() {
		this.stopped = true;
	}

	int acknowledgements() {
		return this.acknowledged.values().stream().mapToInt(Queue::size).sum();
	}

	List<Failure> failures() {
		return this.failures;
	}

	/** What is in the log has been handled, each key in its order, and it is not less. */
	void verify(JdbcTemplate jdbc, Subscriber subscriber) {
		Map<String, List<Integer>> stored = new HashMap<>();
		jdbc.query("select event_key, data::text from event_store where event_type = '" + TYPE + "' order by position",
				(rows) -> {
					stored.computeIfAbsent(rows.getString(1), (key) -> new ArrayList<>()).add(rows.getInt(2));
				});
		this.acknowledged.forEach((key, numbers) -> assertThat(stored.get(key)).as(key).containsAll(numbers));
		stored.forEach((key, numbers) -> {
			assertThat(numbers).as("published of " + key).isSorted();
			assertThat(subscriber.firstDeliveries(key)).as("handled of " + key).containsExactlyElementsOf(numbers);
		});
	}

	/**
	 * What a publisher was told.
	 *
	 * @param transactional whether it published in a transaction
	 * @param error why it failed
	 * @param after how long it took
	 */
	record Failure(boolean transactional, RuntimeException error, Duration after) {

		/** Of Spring if the transaction could not begin or commit, else ours. */
		boolean isSpecific() {
			return this.error instanceof dev.events.EventStoreException || this.transactional
					&& (this.error instanceof TransactionException || this.error instanceof DataAccessException);
		}

	}

	/**
	 * Keeps what it gets.
	 */
	static final class Subscriber {

		private final Map<String, Queue<Integer>> handled = new ConcurrentHashMap<>();

		@EventSubscriber(id = "traffic", value = TYPE)
		void handle(Event<Integer> event) {
			this.handled.computeIfAbsent(String.valueOf(event.key()), (key) -> new ConcurrentLinkedQueue<>())
				.add(event.data());
		}

		/** What it got of a key, in order, each once. */
		List<Integer> firstDeliveries(String key) {
			Set<Integer> numbers = new LinkedHashSet<>(this.handled.getOrDefault(key, new ConcurrentLinkedQueue<>()));
			return List.copyOf(numbers);
		}

		int deliveries() {
			return this.handled.values().stream().mapToInt(Queue::size).sum();
		}

		int distinct() {
			return this.handled.keySet().stream().mapToInt((key) -> firstDeliveries(key).size()).sum();
		}

	}

}
