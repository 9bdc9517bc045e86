package dev.events.torture.worker;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import dev.events.EventBus;

import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;

/**
 * The publishing threads of this node.
 */
@Component
final class Publishers {

	private final List<Publisher> publishers = new ArrayList<>();

	private final List<Thread> threads = new ArrayList<>();

	private final Publisher holder;

	Publishers(WorkerSettings settings, EventBus events, JdbcClient jdbc, PlatformTransactionManager transactions,
			Journal journal) {
		for (int number = 0; number < settings.publishers(); number++) {
			this.publishers.add(new Publisher(settings, number, events, jdbc, transactions, journal));
		}
		this.holder = new Publisher(settings, settings.publishers(), events, jdbc, transactions, journal);
	}

	void start() {
		for (Publisher publisher : this.publishers) {
			Thread thread = new Thread(publisher, "publisher");
			thread.setDaemon(true);
			thread.start();
			this.threads.add(thread);
		}
	}

	/** Returns when nothing is published any more. */
	void stop() {
		this.publishers.forEach(Publisher::stop);
		boolean interrupted = false;
		for (Thread thread : this.threads) {
			while (thread.isAlive()) {
				try {
					thread.join();
				}
				catch (InterruptedException ex) {
					interrupted = true;
				}
			}
		}
		if (interrupted) {
			Thread.currentThread().interrupt();
		}
	}

	/** Appends in the background, and sits there before it commits or rolls back. */
	synchronized void hold(Duration duration, boolean commit) {
		Thread thread = new Thread(() -> this.holder.hold(duration, commit), "holder");
		thread.setDaemon(true);
		thread.start();
		this.threads.add(thread);
	}

}
