package dev.events.torture.worker;

import java.util.UUID;

/**
 * Fates of events: chance, but the same each time.
 */
public final class Dice {

	private Dice() {
	}

	/** Whether it fails in {@code flaky} in a way that is not tried again. */
	public static boolean isHopeless(UUID event) {
		return roll(event, 1000) < 5;
	}

	/** How many attempts for it fail in {@code flaky}. */
	static int failingAttempts(UUID event) {
		int dice = roll(event, 1000);
		return (dice < 100) ? 1 + dice % 4 : 0;
	}

	static int roll(UUID event, int sides) {
		long bits = (event.getLeastSignificantBits() ^ event.getMostSignificantBits()) * 0x9E3779B97F4A7C15L;
		return (int) Long.remainderUnsigned(bits >>> 16, sides);
	}

}
