package dev.events.torture.worker;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import dev.events.Event;
import dev.events.EventBus;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Publishes events of random number, with random keys, until it is stopped.
 */
abstract class Publisher implements Runnable {

	private static final Logger logger = LoggerFactory.getLogger(Publisher.class);

	private static final String FILLER = "x".repeat(150);

	private final WorkerSettings settings;

	private final String owner;

	private final Random random;

	private final EventBus events;

	private final Journal journal;

	private final CountDownLatch stopped = new CountDownLatch(1);

	Publisher(WorkerSettings settings, int number, EventBus events, Journal journal) {
		this.settings = settings;
		this.owner = "own-" + settings.node() + "-" + number + "-";
		this.random = new Random(settings.seed() + number);
		this.events = events;
		this.journal = journal;
	}

	/**
	 * Publishes, and writes down what was published and what it heard of that.
	 * @return whether that went as planned
	 */
	abstract boolean publish(Plan plan);

	void stop() {
		this.stopped.countDown();
	}

	@Override
	public void run() {
		long pause = 1_000_000L * this.settings.publishers() / this.settings.rate();
		try {
			while (!this.stopped.await((long) (pause * 2 * this.random.nextDouble()), TimeUnit.MICROSECONDS)) {
				if (this.random.nextInt(10) == 0) {
					buffered();
				}
				boolean commit = this.random.nextInt(100) >= 15;
				if (!publish(new Plan(events(), lingerMillis(), commit))) {
					// most likely the server is away
					this.stopped.await(100, TimeUnit.MILLISECONDS);
				}
			}
		}
		catch (InterruptedException ex) {
			logger.info("Interrupted");
		}
		catch (Throwable ex) {
			logger.error("A publisher ended", ex);
		}
	}

	private int events() {
		int dice = this.random.nextInt(100);
		return (dice < 70) ? 1 + this.random.nextInt(3) : (dice < 98) ? 4 + this.random.nextInt(5) : 50;
	}

	private long lingerMillis() {
		int dice = this.random.nextInt(1000);
		return (dice < 700) ? 0 : (dice < 997) ? this.random.nextInt(100) : 500 + this.random.nextInt(2000);
	}

	/** Outside a transaction, without a key. */
	private void buffered() {
		Event<Payload> event = Event.of("torture.odd", new Payload("-", 1, FILLER));
		this.journal.write("A", event.id(), "sent");
		try {
			this.events.publishAsync(event)
				.whenComplete((publication, ex) -> this.journal.write("A", event.id(), (ex == null) ? "ok" : "failed"));
		}
		catch (RuntimeException ex) {
			logger.info("Could not be buffered: {}", ex.getMessage());
		}
	}

	/**
	 * Some keys, perhaps the same one twice.
	 * @param shared whether they are those that all nodes write, or this publisher's own
	 */
	final List<String> keys(boolean shared, int count) {
		List<String> keys = new ArrayList<>();
		for (int i = 0; i < count; i++) {
			// a few keys are much used, most are not
			int key = (int) (this.settings.keys() * Math.pow(this.random.nextDouble(), 3));
			keys.add((shared ? "shared-" : this.owner) + key);
		}
		return keys;
	}

	/** The event with that number. */
	static Event<Payload> event(String key, long seq) {
		return Event.of((seq % 2 == 0) ? "torture.even" : "torture.odd", new Payload(key, seq, FILLER)).withKey(key);
	}

	/** Sits in the transaction, as a slow application does. */
	static void linger(long millis) {
		try {
			Thread.sleep(millis);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	final Random random() {
		return this.random;
	}

	/**
	 * What to publish.
	 *
	 * @param events how many events
	 * @param lingerMillis how long to sit in the transaction, if it is one
	 * @param commit whether it is to be committed, if it is one
	 */
	record Plan(int events, long lingerMillis, boolean commit) {

	}

}
