package dev.events.torture.worker;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

import dev.events.Event;
import dev.events.EventBus;
import dev.events.Publication;
import dev.events.UnknownOutcomeException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.transaction.support.TransactionTemplate;

/**
 * Publishes into a store that takes part in no transaction: one event after the other,
 * several together, or in a transaction of somebody else, after whose commit they are
 * stored. It writes down what it is about to publish before anybody can see it, and then
 * what it heard: that it is stored, that it is not, or that nobody knows.
 */
final class AppendingPublisher extends Publisher {

	private static final Logger logger = LoggerFactory.getLogger(AppendingPublisher.class);

	private final int number;

	private final Random random;

	private final EventBus events;

	private final Journal journal;

	private final TransactionTemplate transaction = new TransactionTemplate(new LocalTransactions());

	private long published;

	private long appends;

	AppendingPublisher(WorkerSettings settings, int number, EventBus events, Journal journal) {
		super(settings, number, events, journal);
		this.number = number;
		this.random = random();
		this.events = events;
		this.journal = journal;
	}

	@Override
	boolean publish(Plan plan) {
		List<Event<Payload>> unit = new ArrayList<>();
		List<String> keys = keys(this.random.nextInt(3) == 0, 1 + this.random.nextInt(Math.min(plan.events(), 4)));
		for (int i = 0; i < plan.events(); i++) {
			unit.add(event(keys.get(this.random.nextInt(keys.size())), ++this.published));
		}
		return switch (this.random.nextInt(3)) {
			case 0 -> unit.stream().allMatch((event) -> append(List.of(event)));
			case 1 -> append(unit);
			default -> appendAfterCommit(unit, plan);
		};
	}

	private boolean append(List<Event<Payload>> unit) {
		String append = begin(unit);
		String ending = "unknown";
		try {
			ending = ending(
					(unit.size() == 1) ? List.of(this.events.publish(unit.get(0))) : this.events.publishAll(unit));
		}
		catch (RuntimeException ex) {
			ending = ending(ex);
		}
		finally {
			this.journal.write("D", append, System.nanoTime(), ending);
		}
		return ending.equals("committed");
	}

	private boolean appendAfterCommit(List<Event<Payload>> unit, Plan plan) {
		List<CompletableFuture<Publication>> answers = new ArrayList<>();
		String append = Objects.requireNonNull(this.transaction.execute((status) -> {
			unit.forEach((event) -> answers.add(this.events.publishAsync(event)));
			linger(plan.lingerMillis());
			if (!plan.commit()) {
				status.setRollbackOnly();
			}
			return begin(unit);
		}));
		String ending = "unknown";
		try {
			// the transaction is over, and so they are known
			List<Publication> stored = answers.stream().map((answer) -> answer.getNow(null)).toList();
			ending = ending(stored);
		}
		catch (CompletionException ex) {
			ending = plan.commit() ? ending(ex) : "rolledback";
		}
		finally {
			this.journal.write("D", append, System.nanoTime(), ending);
		}
		return ending.equals("committed") || !plan.commit();
	}

	private String begin(List<Event<Payload>> unit) {
		String append = this.number + "-" + ++this.appends;
		StringBuilder lines = new StringBuilder();
		long now = System.nanoTime();
		for (Event<Payload> event : unit) {
			Payload data = event.data();
			lines.append(Journal.line("B", append, now, event.id(), data.key(), data.seq()));
		}
		this.journal.write(lines.toString());
		return append;
	}

	/** Each is published once, so none can have been there before. */
	private static String ending(List<Publication> publications) {
		return publications.stream()
			.allMatch((publication) -> publication != null && publication.outcome() == Publication.Outcome.STORED)
					? "committed" : "doubted";
	}

	private static String ending(RuntimeException failure) {
		logger.info("Not published: {}", failure.toString());
		for (Throwable ex = failure; ex != null; ex = ex.getCause()) {
			if (ex instanceof UnknownOutcomeException) {
				return "unknown";
			}
		}
		return "refused";
	}

}
