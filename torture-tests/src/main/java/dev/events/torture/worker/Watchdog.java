package dev.events.torture.worker;

import java.time.Duration;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.stereotype.Component;

/**
 * Writes down when this JVM did not get on, whoever was the reason: the checker must not
 * take a machine that is too busy for a fault of the engine.
 */
@Component
final class Watchdog {

	private static final Logger logger = LoggerFactory.getLogger(Watchdog.class);

	private static final Duration WORTH_NOTING = Duration.ofMillis(500);

	private final Journal journal;

	Watchdog(Journal journal) {
		this.journal = journal;
		Thread thread = new Thread(this::run, "watchdog");
		thread.setDaemon(true);
		thread.setPriority(Thread.MAX_PRIORITY);
		thread.start();
	}

	private void run() {
		try {
			long last = System.nanoTime();
			while (true) {
				Thread.sleep(50);
				long now = System.nanoTime();
				if (now - last > WORTH_NOTING.toNanos()) {
					// the dot shows that the line is complete
					this.journal.write("G", last, now, ".");
				}
				last = now;
			}
		}
		catch (InterruptedException ex) {
			logger.info("Interrupted");
		}
	}

}
