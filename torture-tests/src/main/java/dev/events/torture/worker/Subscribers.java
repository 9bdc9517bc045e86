package dev.events.torture.worker;

import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

import dev.events.AfterDeadLetter;
import dev.events.Delivery;
import dev.events.Event;
import dev.events.EventSubscriber;
import dev.events.NonRetryableEventException;

import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * The handlers under test. Whether {@link #flaky} fails depends on event and attempt
 * alone, so that a repeated delivery comes to the same end. All others succeed in the
 * end: they have attempts enough, or an operator who tries again.
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
			takeTime((ThreadLocalRandom.current().nextInt(500) == 0) ? 1000 : 50);
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

	@EventSubscriber(id = "hanging", value = "torture.odd", partitions = 2, timeout = "300ms")
	void hanging(Event<Payload> event, Delivery delivery) throws Exception {
		this.handlings.record(event, delivery, () -> {
			if (Dice.roll(event.id(), 200) == 0 && delivery.attempt() == 1) {
				TimeUnit.HOURS.sleep(1);
			}
		});
	}

	@EventSubscriber(id = "batch", value = "**", partitions = 2, maxAttempts = 20, batchSize = 20, batchWait = "20ms")
	void batch(List<Event<Payload>> events) throws Exception {
		this.handlings.record("batch", events, new Handlings.BatchBody() {

			@Override
			public void handle(Event<Payload> event) {
			}

			@Override
			public void end() {
				failSometimes();
			}

		});
	}

	// many attempts, because chaos makes it fail, too
	@EventSubscriber(id = "effects", value = "**", transactional = true, partitions = 3, maxAttempts = 20)
	void effects(Event<Payload> event, Delivery delivery) throws Exception {
		this.handlings.record(event, delivery, () -> {
			write(delivery.subscription(), event);
			takeTime(50);
			failSometimes();
		});
	}

	@EventSubscriber(id = "batch-effects", value = "**", transactional = true, partitions = 2, maxAttempts = 20,
			batchSize = 20)
	void batchEffects(List<Event<Payload>> events) throws Exception {
		this.handlings.record("batch-effects", events, new Handlings.BatchBody() {

			@Override
			public void handle(Event<Payload> event) {
				write("batch-effects", event);
			}

			@Override
			public void end() throws InterruptedException {
				takeTime(50);
				failSometimes();
			}

		});
	}

	private void write(String subscription, Event<Payload> event) {
		this.jdbc.sql("insert into effects (subscriber, event_id, event_key, seq) values (?, ?, ?, ?)")
			.params(subscription, event.id(), event.data().key(), event.data().seq())
			.update();
	}

	/** So that faults meet it in the middle. */
	private void takeTime(int maxMillis) throws InterruptedException {
		if (!this.calm) {
			Thread.sleep(ThreadLocalRandom.current().nextInt(maxMillis));
		}
	}

	private static void failSometimes() {
		if (ThreadLocalRandom.current().nextInt(50) == 0) {
			throw new IllegalStateException("After everything was done");
		}
	}

}
