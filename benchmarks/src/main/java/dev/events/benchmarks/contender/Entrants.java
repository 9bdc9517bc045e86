package dev.events.benchmarks.contender;

import java.util.List;

import dev.events.benchmarks.server.Store;

/**
 * All that take part, ourselves first.
 */
public final class Entrants {

	private static final List<Entrant> ON_POSTGRES = List.of(new Events(Store.POSTGRES), new HandWritten(),
			new Modulith("update"), new Modulith("delete"), new TransactionOutboxEntrant(), new Namastack(),
			new DbScheduler(), RawJdbc.bare(), RawJdbc.indexed());

	private static final List<Entrant> ON_REDIS = List.of(new Events(Store.REDIS), new RawRedis(), new SpringStream(),
			new RedissonTopic());

	private Entrants() {
	}

	public static List<Entrant> of(Store store) {
		return (store == Store.POSTGRES) ? ON_POSTGRES : ON_REDIS;
	}

}
