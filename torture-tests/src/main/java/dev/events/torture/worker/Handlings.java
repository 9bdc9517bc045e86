package dev.events.torture.worker;

import java.util.ArrayList;
import java.util.List;
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
				delivery.attempt(), delivery.isReplay() ? "replay" : "live");
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
	 * The same for a batch, of which each event is taken for a call: the first ends
	 * before the second begins, and all of them end as the last one does. Written when
	 * the batch is done, because until then it is not known how.
	 */
	void record(String subscription, List<Event<Payload>> events, BatchBody body) throws Exception {
		StringBuilder lines = new StringBuilder();
		List<String> ends = new ArrayList<>();
		String outcome = "failed";
		try {
			for (Event<Payload> event : events) {
				long call = this.calls.incrementAndGet();
				Payload data = event.data();
				lines.append(Journal.line("S", call, System.nanoTime(), subscription, event.id(), data.key(),
						data.seq(), 0, "live"));
				try {
					body.handle(event);
				}
				finally {
					ends.add("E " + call + " " + System.nanoTime());
				}
			}
			body.end();
			outcome = "ok";
		}
		catch (InterruptedException ex) {
			outcome = "interrupted";
			throw ex;
		}
		finally {
			for (String end : ends) {
				lines.append(Journal.line(end, outcome));
			}
			this.journal.write(lines.toString());
		}
	}

	/**
	 * What a handler does.
	 */
	interface Body {

		void run() throws Exception;

	}

	/**
	 * What a handler of batches does.
	 */
	interface BatchBody {

		void handle(Event<Payload> event) throws Exception;

		void end() throws Exception;

	}

}
