package dev.events.torture.check;

import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

import dev.events.torture.check.History.Ending;

/**
 * Events that were published together outside a transaction.
 *
 * @param events ids of the events, in their order
 * @param start before the publisher gave them to the store for the first time
 * @param end after it had heard, or until when it can have tried
 * @param ending what it heard
 */
public record Append(List<UUID> events, long start, long end, Ending ending) {

	static Append begun(long start) {
		return new Append(new ArrayList<>(), start, start, Ending.UNKNOWN);
	}

	Append ended(Ending ending, long end) {
		return new Append(this.events, this.start, end, ending);
	}

}
