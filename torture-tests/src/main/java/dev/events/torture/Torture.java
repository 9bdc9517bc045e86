package dev.events.torture;

import java.io.IOException;

import dev.events.torture.check.Verdict;

/**
 * The torture test from the command line: ends with status 1 when something was wrong.
 * Takes the server, {@code postgres} (the default) or {@code redis}, and the system
 * properties that {@link TortureSettings#fromSystemProperties()} names.
 */
public final class Torture {

	private Torture() {
	}

	public static void main(String[] arguments) throws IOException {
		TortureSettings settings = TortureSettings.fromSystemProperties();
		boolean redis = arguments.length > 0 && arguments[0].equals("redis");
		Verdict verdict = (redis ? TortureRun.onRedis(settings) : TortureRun.onPostgres(settings)).run();
		System.exit(verdict.isGood() ? 0 : 1);
	}

}
