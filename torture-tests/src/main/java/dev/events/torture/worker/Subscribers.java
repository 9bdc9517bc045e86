package dev.events.torture.worker;

import java.util.concurrent.ThreadLocalRandom;

import dev.events.AfterDeadLetter;
import dev.events.Delivery;
import dev.events.Event;
import dev.events.EventSubscriber;
import dev.events.NonRetryableEventException;

import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * The handlers under test. Whether one fails depends on event and attempt alone, so that
 * a repeated delivery comes to the same end; but for {@link #holding}, where the operator
 * tries until it succeeds.
 */
@Component
class Subscribers {

	private final Handlings handlings;

	private final JdbcClient jdbc;

	private volatile boolean calm;

	Subscribers(Handlings handlings, JdbcClient jdbc) {
		this.handlings = handlings;
		this.jdbc = jdbc;
	}

	/** From now on nothing fails without end, and nothing is slow. */
	void calm() {
		this.calm = true;
	}

	boolean isCalm() {
		return this.calm;
	}

	@EventSubscriber(id = "plain", value = "**")
	void plain(Event<Payload> event, Delivery delivery) throws Exception {
		this.handlings.record(event, delivery, () -> {
		});
	}

	@EventSubscriber(id = "narrow", value = "torture.even", partitions = 1)
	void narrow(Event<Payload> event, Delivery delivery) throws Exception {
		this.handlings.record(event, delivery, () -> {
		});
	}

	@EventSubscriber(id = "slow", value = "**")
	void slow(Event<Payload> event, Delivery delivery) throws Exception {
		this.handlings.record(event, delivery, () -> {
			if (!this.calm) {
				ThreadLocalRandom random = ThreadLocalRandom.current();
				Thread.sleep((random.nextInt(500) == 0) ? 500 : random.nextInt(50));
			}
		});
	}

	@EventSubscriber(id = "flaky", value = "**", partitions = 6)
	void flaky(Event<Payload> event, Delivery delivery) throws Exception {
		this.handlings.record(event, delivery, () -> {
			if (Dice.isHopeless(event.id())) {
				throw new NonRetryableEventException("Never");
			}
			if (delivery.attempt() <= Dice.failingAttempts(event.id())) {
				throw new IllegalStateException("Not at attempt " + delivery.attempt());
			}
		});
	}

	@EventSubscriber(id = "holding", value = "**", maxAttempts = 2, afterDeadLetter = AfterDeadLetter.HOLD)
	void holding(Event<Payload> event, Delivery delivery) throws Exception {
		this.handlings.record(event, delivery, () -> {
			if (Dice.roll(event.id(), 100) == 0 && !this.calm && ThreadLocalRandom.current().nextInt(10) < 7) {
				throw new IllegalStateException("Not this time");
			}
		});
	}

	@EventSubscriber(id = "effects", value = "**", partitions = 3)
	void effects(Event<Payload> event, Delivery delivery) throws Exception {
		this.handlings.record(event, delivery, () -> {
			this.jdbc.sql("insert into effects (subscriber, event_id, event_key, seq) values (?, ?, ?, ?)")
				.params(delivery.subscription(), event.id(), event.data().key(), event.data().seq())
				.update();
			if (Dice.roll(event.id(), 50) == 0 && delivery.attempt() == 1) {
				throw new IllegalStateException("After the effect");
			}
		});
	}

}
