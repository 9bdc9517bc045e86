package dev.events.torture.worker;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.stereotype.Component;

/**
 * Commands of the driver, one a line, and the answers on standard output.
 */
@Component
final class Commands {

	private static final Logger logger = LoggerFactory.getLogger(Commands.class);

	private final Publishers publishers;

	private final Subscribers subscribers;

	private final PoolHog poolHog;

	Commands(Publishers publishers, Subscribers subscribers, PoolHog poolHog) {
		this.publishers = publishers;
		this.subscribers = subscribers;
		this.poolHog = poolHog;
	}

	/** Returns when there is nobody any more who gives commands. */
	void obey() {
		answer("ready " + System.nanoTime());
		BufferedReader input = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
		try {
			for (String line = input.readLine(); line != null; line = input.readLine()) {
				obey(line.split(" "));
			}
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private void obey(String[] words) {
		logger.info("Told to {}", String.join(" ", words));
		switch (words[0]) {
			case "publish" -> this.publishers.start();
			case "quiet" -> {
				this.publishers.stop();
				answer("quiet");
			}
			case "calm" -> this.subscribers.calm();
			case "pool" -> this.poolHog.exhaust(millis(words[1]));
			case "hold" -> this.publishers.hold(millis(words[1]), words[2].equals("commit"));
			default -> throw new IllegalArgumentException("Unknown command " + words[0]);
		}
	}

	private static Duration millis(String text) {
		return Duration.ofMillis(Long.parseLong(text));
	}

	private static synchronized void answer(String line) {
		System.out.println(line);
		System.out.flush();
	}

}
