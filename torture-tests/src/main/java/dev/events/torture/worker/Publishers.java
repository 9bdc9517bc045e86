package dev.events.torture.worker;

import java.util.ArrayList;
import java.util.List;

import org.springframework.stereotype.Component;

/**
 * The publishing threads of this node.
 */
@Component
final class Publishers {

	private final List<Publisher> publishers = new ArrayList<>();

	private final List<Thread> threads = new ArrayList<>();

	Publishers(WorkerSettings settings, PublisherFactory factory) {
		for (int number = 0; number < settings.publishers(); number++) {
			this.publishers.add(factory.create(number));
		}
	}

	void start() {
		this.publishers.forEach((publisher) -> run("publisher", publisher));
	}

	/** Runs something that publishes, for which {@link #stop()} waits. */
	synchronized void run(String name, Runnable publishing) {
		Thread thread = new Thread(publishing, name);
		thread.setDaemon(true);
		thread.start();
		this.threads.add(thread);
	}

	/** Returns when nothing is published any more. */
	synchronized void stop() {
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

}
