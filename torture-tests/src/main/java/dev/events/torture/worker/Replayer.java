package dev.events.torture.worker;

import java.time.Instant;
import java.util.List;
import java.util.Random;

import dev.events.EventBus;
import dev.events.EventException;
import dev.events.EventReplay;
import dev.events.InvalidSubscriptionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.context.SmartLifecycle;
import org.springframework.context.annotation.Profile;
import org.springframework.stereotype.Component;

/**
 * Somebody who has events replayed now and then, to subscribers that never fail: of those
 * it can be said without more ado what a replay may do and in which order.
 */
@Component
@Profile("postgres")
final class Replayer implements SmartLifecycle {

	private static final Logger logger = LoggerFactory.getLogger(Replayer.class);

	private static final List<String> SUBSCRIPTIONS = List.of("plain", "narrow", "slow");

	private final EventBus events;

	private final Journal journal;

	private final Subscribers subscribers;

	private final Random random;

	private volatile boolean running;

	Replayer(EventBus events, Journal journal, Subscribers subscribers, WorkerSettings settings) {
		this.events = events;
		this.journal = journal;
		this.subscribers = subscribers;
		this.random = new Random(settings.seed());
	}

	@Override
	public void start() {
		this.running = true;
		Thread thread = new Thread(this::run, "replayer");
		thread.setDaemon(true);
		thread.start();
	}

	private void run() {
		try {
			while (this.running) {
				Thread.sleep(1000 + this.random.nextInt(6000));
				if (!this.subscribers.isCalm()) {
					replay(SUBSCRIPTIONS.get(this.random.nextInt(SUBSCRIPTIONS.size())));
				}
			}
		}
		catch (InterruptedException ex) {
			logger.info("Interrupted");
		}
	}

	private void replay(String subscription) {
		boolean all = this.random.nextBoolean();
		EventReplay replay = this.events.replay().subscriber(subscription).rate(500 + this.random.nextInt(1500));
		if (!all) {
			replay = replay.from(Instant.now().minusSeconds(this.random.nextInt(20)));
		}
		try {
			boolean active = this.events.replays()
				.list()
				.stream()
				.anyMatch((one) -> one.subscription().equals(subscription) && !one.state().isFinal());
			if (active) {
				return;
			}
		}
		catch (EventException ex) {
			logger.info("{}", ex.getMessage());
			return;
		}
		// as events: written down before anybody can see it
		long moment = System.nanoTime();
		this.journal.write("R", subscription, moment, "sent");
		try {
			replay.start();
			this.journal.write("R", subscription, moment, all ? "started" : "partly");
		}
		catch (InvalidSubscriptionException ex) {
			this.journal.write("R", subscription, moment, "refused");
		}
		catch (EventException ex) {
			logger.info("{}", ex.getMessage());
		}
	}

	@Override
	public void stop() {
		this.running = false;
	}

	@Override
	public boolean isRunning() {
		return this.running;
	}

}
