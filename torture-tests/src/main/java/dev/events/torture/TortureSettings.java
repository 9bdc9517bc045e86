package dev.events.torture;

import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.convert.DurationStyle;

/**
 * How to torture.
 *
 * @param seed decides what goes wrong when, and what is published
 * @param duration how long things go wrong
 * @param workers number of nodes
 * @param rate transactions in a second, on each node
 * @param directory where everything is kept
 * @param log a file for what is printed, too, or {@code null}
 */
public record TortureSettings(long seed, Duration duration, int workers, int rate, Path directory, @Nullable Path log) {

	/**
	 * {@code torture.duration} (by default 20s), {@code torture.seed} (random),
	 * {@code torture.rate}, {@code torture.directory} and {@code torture.log}.
	 */
	public static TortureSettings fromSystemProperties() {
		String seed = System.getProperty("torture.seed", "");
		String log = System.getProperty("torture.log", "");
		return new TortureSettings(
				seed.isBlank() ? ThreadLocalRandom.current().nextInt(1_000_000) : Long.parseLong(seed.trim()),
				DurationStyle.detectAndParse(System.getProperty("torture.duration", "20s")), 3,
				Integer.getInteger("torture.rate", 20),
				Path.of(System.getProperty("torture.directory", "target/torture")).toAbsolutePath(),
				log.isBlank() ? null : Path.of(log));
	}

	/** The same in a directory of that name inside the directory. */
	TortureSettings in(String name) {
		return new TortureSettings(this.seed, this.duration, this.workers, this.rate, this.directory.resolve(name),
				this.log);
	}

}
