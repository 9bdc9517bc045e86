package dev.events.torture.worker;

import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

import dev.events.AfterDeadLetter;
import dev.events.Delivery;
import dev.events.Event;
import dev.events.EventSubscriber;
import dev.events.NonRetryableEventException;

import org.springframework.stereotype.Component;

/**
 * The handlers under test. Whether {@link #flaky} fails depends on event and attempt
 * alone, so that a repeated delivery comes to the same end. All others succeed in the
 * end: they have attempts enough, or an operator who tries again.
 */
@Component
class Subscribers {

	private final Handlings handlings;

	private volatile boolean calm;

	Subscribers(Handlings handlings) {
		this.handlings = handlings;
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

	/** So that faults meet it in the middle. */
	void takeTime(int maxMillis) throws InterruptedException {
		if (!this.calm) {
			Thread.sleep(ThreadLocalRandom.current().nextInt(maxMillis));
		}
	}

	static void failSometimes() {
		if (ThreadLocalRandom.current().nextInt(50) == 0) {
			throw new IllegalStateException("After everything was done");
		}
	}

}
