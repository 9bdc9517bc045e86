package dev.events.benchmarks.contender;

import java.util.List;

/**
 * All that take part, ourselves first.
 */
public final class Entrants {

	private static final List<Entrant> ALL = List.of(new Events(), new HandWritten(), new Modulith("update"),
			new Modulith("delete"), new TransactionOutboxEntrant(), new Namastack(), new DbScheduler(), RawJdbc.bare(),
			RawJdbc.indexed());

	private Entrants() {
	}

	public static List<Entrant> all() {
		return ALL;
	}

}
