package dev.events.torture.worker;

import java.util.Random;

import dev.events.DeadLetter;
import dev.events.DeadLetters;
import dev.events.EventBus;
import dev.events.EventException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;

/**
 * Somebody who looks after the dead letters of {@code holding}: tries some of them again
 * now and then, and when all is calm, all of them.
 */
@Component
final class Operator implements SmartLifecycle {

	private static final Logger logger = LoggerFactory.getLogger(Operator.class);

	private final DeadLetters deadLetters;

	private final Subscribers subscribers;

	private final Random random;

	private volatile boolean running;

	Operator(EventBus events, Subscribers subscribers, WorkerSettings settings) {
		this.deadLetters = events.deadLetters();
		this.subscribers = subscribers;
		this.random = new Random(settings.seed());
	}

	@Override
	public void start() {
		this.running = true;
		Thread thread = new Thread(this::run, "operator");
		thread.setDaemon(true);
		thread.start();
	}

	private void run() {
		try {
			while (this.running) {
				Thread.sleep(500);
				look();
			}
		}
		catch (InterruptedException ex) {
			logger.info("Interrupted");
		}
	}

	private void look() {
		try {
			DeadLetters.Filter filter = DeadLetters.Filter.all().subscription("holding");
			for (DeadLetter deadLetter : this.deadLetters.list(filter, 100, null).deadLetters()) {
				if (this.subscribers.isCalm() || this.random.nextInt(4) == 0) {
					this.deadLetters.retry(deadLetter.id());
				}
			}
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
