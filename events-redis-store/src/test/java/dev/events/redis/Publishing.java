package dev.events.redis;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;

import dev.events.Event;
import dev.events.EventStoreException;
import dev.events.bus.DurableEventBus;

import static org.awaitility.Awaitility.await;

/**
 * A thread that publishes one number after the other, whatever happens, and remembers
 * what was answered.
 */
final class Publishing implements AutoCloseable {

	private static final int KEYS = 20;

	private static final Duration LONGEST = Duration.ofSeconds(30);

	private final DurableEventBus bus;

	private final Set<Integer> answered = ConcurrentHashMap.newKeySet();

	private final ConcurrentLinkedQueue<String> unclear = new ConcurrentLinkedQueue<>();

	private final Thread thread = new Thread(this::publish, "publishing");

	private volatile boolean ended;

	Publishing(DurableEventBus bus) {
		this.bus = bus;
		this.thread.start();
	}

	private void publish() {
		for (int number = 0; !this.ended; number++) {
			long begin = System.nanoTime();
			try {
				this.bus.publish(Event.of("a", number).withKey("k" + number % KEYS));
				this.answered.add(number);
			}
			catch (EventStoreException ex) {
				if (ex.getMessage().contains("Redis refused it")) {
					this.unclear.add(ex + ": " + ex.getCause());
				}
			}
			catch (Throwable ex) {
				this.unclear.add(ex.toString());
			}
			if (System.nanoTime() - begin > LONGEST.toNanos()) {
				this.unclear.add(number + " took " + Duration.ofNanos(System.nanoTime() - begin));
			}
		}
	}

	/** What was answered so far. */
	Set<Integer> answered() {
		return Set.copyOf(this.answered);
	}

	/** Errors that do not say what is the matter, and calls that took too long. */
	ConcurrentLinkedQueue<String> unclear() {
		return this.unclear;
	}

	/** Waits until so many more were answered. */
	void awaitMore(int count) {
		int before = this.answered.size();
		await().atMost(Duration.ofSeconds(60)).until(() -> this.answered.size() >= before + count);
	}

	/** Returns when the last one was answered. */
	void end() {
		this.ended = true;
		try {
			this.thread.join();
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	@Override
	public void close() {
		end();
	}

}
