package dev.events.torture.worker;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeSet;
import java.util.UUID;

import dev.events.Event;
import dev.events.EventBus;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.TransactionStatus;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Publishes in transactions of random content, length and end. In the same transaction it
 * writes each event into the table {@code published}: what is there was committed, what
 * is not there was not.
 * <p>
 * Numbers of a key are given in the order of commit: a key of its own is written by this
 * thread alone; a key that all share is locked in the table {@code key_state} until the
 * transaction ends. After a crash an earlier transaction on a key of its own may still be
 * ending on the server; then the unique number makes one of the two fail.
 */
final class TransactionalPublisher extends Publisher {

	private static final Logger logger = LoggerFactory.getLogger(TransactionalPublisher.class);

	private final Random random;

	private final EventBus events;

	private final JdbcClient jdbc;

	private final TransactionTemplate transaction;

	private final TransactionTemplate nested;

	private final Journal journal;

	// last number of each key of our own, as far as it is certain
	private final Map<String, Long> ownNumbers = new HashMap<>();

	TransactionalPublisher(WorkerSettings settings, int number, EventBus events, JdbcClient jdbc,
			PlatformTransactionManager transactions, Journal journal) {
		super(settings, number, events, journal);
		this.random = random();
		this.events = events;
		this.jdbc = jdbc;
		this.transaction = new TransactionTemplate(transactions);
		this.nested = new TransactionTemplate(transactions);
		this.nested.setPropagationBehavior(TransactionDefinition.PROPAGATION_NESTED);
		this.journal = journal;
	}

	@Override
	boolean publish(Plan plan) {
		Attempt attempt = new Attempt();
		String outcome = "rolledback";
		try {
			this.transaction.executeWithoutResult((status) -> {
				fill(plan, attempt, status);
				attempt.filled = true;
			});
			outcome = plan.commit() ? "committed" : "rolledback";
			if (plan.commit()) {
				this.ownNumbers.putAll(attempt.ownNumbers);
			}
			return true;
		}
		catch (RuntimeException ex) {
			// when the connection breaks at the commit, nobody knows
			outcome = (attempt.filled && plan.commit()) ? "unknown" : "rolledback";
			attempt.numbers.keySet().forEach(this.ownNumbers::remove);
			logger.info("Transaction {}: {}", outcome, ex.toString());
			return false;
		}
		finally {
			for (Written written : attempt.written) {
				this.journal.write("T", written.id, written.key, written.seq, written.undone ? "undone" : outcome);
			}
		}
	}

	private void fill(Plan plan, Attempt attempt, TransactionStatus status) {
		boolean shared = this.random.nextInt(3) == 0;
		List<String> keys = keys(shared, 1 + this.random.nextInt(Math.min(plan.events(), 4)));
		// all locks before the first event, so that who waits here has appended nothing,
		// and in one order
		for (String key : new TreeSet<>(keys)) {
			attempt.numbers.put(key, shared ? lock(key) : lastOwnNumber(key));
		}
		boolean together = this.random.nextBoolean();
		int inNested = (this.random.nextInt(4) == 0) ? this.random.nextInt(plan.events() + 1) : 0;
		publish(attempt, keys, plan.events() - inNested, together);
		if (inNested > 0) {
			Map<String, Long> before = new HashMap<>(attempt.numbers);
			int writtenBefore = attempt.written.size();
			boolean undo = this.random.nextBoolean();
			this.nested.executeWithoutResult((savepoint) -> {
				publish(attempt, keys, inNested, together);
				if (undo) {
					savepoint.setRollbackOnly();
				}
			});
			if (undo) {
				attempt.numbers.putAll(before);
				attempt.written.subList(writtenBefore, attempt.written.size())
					.forEach((written) -> written.undone = true);
				if (this.random.nextBoolean()) {
					// the lock that was taken in the savepoint is gone
					publish(attempt, keys, 1, together);
				}
			}
		}
		if (shared) {
			attempt.numbers.forEach((key, seq) -> this.jdbc.sql("update key_state set seq = ? where event_key = ?")
				.params(seq, key)
				.update());
		}
		else {
			attempt.ownNumbers.putAll(attempt.numbers);
		}
		linger(plan.lingerMillis());
		if (!plan.commit()) {
			status.setRollbackOnly();
		}
	}

	private long lock(String key) {
		return this.jdbc.sql("select seq from key_state where event_key = ? for update")
			.param(key)
			.query(Long.class)
			.single();
	}

	private long lastOwnNumber(String key) {
		Long known = this.ownNumbers.get(key);
		return (known != null) ? known
				: this.jdbc.sql("select coalesce(max(seq), 0) from published where event_key = ?")
					.param(key)
					.query(Long.class)
					.single();
	}

	private void publish(Attempt attempt, List<String> keys, int count, boolean together) {
		List<Event<Payload>> batch = new ArrayList<>();
		for (int i = 0; i < count; i++) {
			String key = keys.get(this.random.nextInt(keys.size()));
			long seq = attempt.numbers.merge(key, 1L, Long::sum);
			Event<Payload> event = event(key, seq);
			// written down first: from here on it may become public
			attempt.written.add(new Written(event.id(), key, seq));
			this.jdbc.sql("insert into published (event_key, seq, event_id) values (?, ?, ?)")
				.params(key, seq, event.id())
				.update();
			if (together) {
				batch.add(event);
			}
			else {
				this.events.publish(event);
			}
		}
		if (!batch.isEmpty()) {
			this.events.publishAll(batch);
		}
	}

	/**
	 * What a transaction has done so far.
	 */
	private static final class Attempt {

		final Map<String, Long> numbers = new HashMap<>();

		final Map<String, Long> ownNumbers = new HashMap<>();

		final List<Written> written = new ArrayList<>();

		boolean filled;

	}

	private static final class Written {

		final UUID id;

		final String key;

		final long seq;

		boolean undone;

		Written(UUID id, String key, long seq) {
			this.id = id;
			this.key = key;
			this.seq = seq;
		}

	}

}
