package dev.events.torture.worker;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

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

	private final Map<String, Command> more;

	Commands(Publishers publishers, Subscribers subscribers, List<Command> more) {
		this.publishers = publishers;
		this.subscribers = subscribers;
		this.more = more.stream().collect(Collectors.toMap(Command::name, Function.identity()));
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
			default -> {
				Command command = this.more.get(words[0]);
				if (command == null) {
					throw new IllegalArgumentException("Unknown command " + words[0]);
				}
				command.obey(words);
			}
		}
	}

	private static synchronized void answer(String line) {
		System.out.println(line);
		System.out.flush();
	}

}
