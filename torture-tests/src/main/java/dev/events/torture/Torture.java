package dev.events.torture;

import java.io.IOException;

import dev.events.torture.check.Verdict;

/**
 * The torture test from the command line: ends with status 1 when something was wrong.
 * Takes the system properties that {@link TortureSettings#fromSystemProperties()} names.
 */
public final class Torture {

	private Torture() {
	}

	public static void main(String[] arguments) throws IOException {
		Verdict verdict = new TortureRun(TortureSettings.fromSystemProperties()).run();
		System.exit(verdict.isGood() ? 0 : 1);
	}

}
