package dev.events.torture.worker;

import java.util.concurrent.atomic.AtomicLong;

import dev.events.Delivery;
import dev.events.Event;

import org.springframework.stereotype.Component;

/**
 * Writes down each call of a handler, when it begins and when it ends. The times can be
 * compared between JVMs of one machine, which the driver makes sure of.
 */
@Component
final class Handlings {

	private final AtomicLong calls = new AtomicLong();

	private final Journal journal;

	Handlings(Journal journal) {
		this.journal = journal;
	}

	void record(Event<Payload> event, Delivery delivery, Body body) throws Exception {
		long call = this.calls.incrementAndGet();
		Payload data = event.data();
		this.journal.write("S", call, System.nanoTime(), delivery.subscription(), event.id(), data.key(), data.seq(),
				delivery.attempt());
		String outcome = "failed";
		try {
			body.run();
			outcome = "ok";
		}
		catch (InterruptedException ex) {
			outcome = "interrupted";
			throw ex;
		}
		finally {
			this.journal.write("E", call, System.nanoTime(), outcome);
		}
	}

	/**
	 * What a handler does.
	 */
	interface Body {

		void run() throws Exception;

	}

}
