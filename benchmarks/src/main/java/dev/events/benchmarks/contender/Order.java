package dev.events.benchmarks.contender;

import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

import dev.events.EventKey;
import dev.events.EventType;

/**
 * The event that everybody publishes, about 300 bytes as JSON.
 *
 * @param id id of the order; the key
 * @param sentAt when it was published, by {@link System#nanoTime()} of this JVM
 * @param customer who ordered
 * @param email where to write to
 * @param street where to deliver
 * @param city where to deliver
 * @param items what was ordered
 * @param comment what the customer said
 */
@EventType("benchmark.order")
public record Order(@EventKey String id, long sentAt, String customer, String email, String street, String city,
		List<String> items, String comment) {

	private static final AtomicLong NUMBERS = new AtomicLong();

	/** A new order, sent now. */
	public static Order next() {
		long number = NUMBERS.incrementAndGet();
		return new Order("order-" + number, System.nanoTime(), "Ada Lovelace " + number % 1000,
				"ada.lovelace" + number % 1000 + "@example.org", "12 St James's Square", "London SW1Y 4JH",
				List.of("punched cards, 1000 pieces", "brass gear wheel, 32 teeth"),
				"Please ring twice and leave it with the neighbours");
	}

}
