package dev.events.aggregation;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

import dev.events.Aggregation;
import dev.events.Event;
import dev.events.SubjectErasedException;
import dev.events.aggregation.WindowData.Window;
import dev.events.aggregation.WindowStep.TooLargeException;
import dev.events.publish.PublishPipeline;
import dev.events.store.EventStore;
import dev.events.store.ProcessChange;
import dev.events.store.ProcessRecord;
import dev.events.store.ProcessState;
import org.jspecify.annotations.Nullable;

/**
 * Stores what becomes of the windows of one aggregation: in one commit, done only if the
 * key is still as it was read, what is gathered, which events were added, and the results
 * of windows that have ended. So events of a key take turns, whichever partitions and
 * nodes they come through. Thread-safe.
 *
 * @param <T> class of the events' data
 * @param <A> class of what is gathered
 */
final class WindowCommits<T, A> {

	private static final Duration SHORTEST_PAUSE = Duration.ofSeconds(5);

	private static final Duration LONGEST_PAUSE = Duration.ofMinutes(10);

	private final Aggregation<T, A> aggregation;

	private final String process;

	private final GatheredData<A> data;

	private final EventStore store;

	private final PublishPipeline pipeline;

	private final String source;

	private final SettledPositions settled;

	private final AggregationCounters counters;

	WindowCommits(Aggregation<T, A> aggregation, GatheredData<A> data, EventStore store, PublishPipeline pipeline,
			String source, SettledPositions settled, AggregationCounters counters) {
		this.aggregation = aggregation;
		this.process = aggregation.subscription();
		this.data = data;
		this.store = store;
		this.pipeline = pipeline;
		this.source = source;
		this.settled = settled;
		this.counters = counters;
	}

	/**
	 * Adds events.
	 * @param known what is stored of the key, or {@code null}
	 * @param data what was read of that
	 * @param events events that were not added yet, in order, one or more
	 * @return whether that was done; not when the key has changed meanwhile
	 */
	boolean add(String key, @Nullable ProcessRecord known, WindowData data, List<Event<T>> events) throws Exception {
		Instant now = this.store.now();
		WindowStep<T, A> step;
		Window window;
		try {
			step = step(key, data, now, events, false);
			window = step.window();
		}
		catch (TooLargeException ex) {
			step = step(key, data, now, events, true);
			window = step.window();
		}
		List<UUID> ids = events.stream().map(Event::id).toList();
		HandledIds handled = data.handled().with(ids, this.store.log()::head, this::settled);
		long expected = (known != null) ? known.version() : ProcessChange.NOT_THERE;
		ProcessState next = (window != null)
				? new ProcessState(WindowData.OPEN, new WindowData(window, handled, null, 0).write(), window.endsAt())
				: remembered(handled, now.plus(this.aggregation.remember()));
		if (!commit(key, expected, step, next)) {
			this.counters.conflicts.increment();
			return false;
		}
		this.counters.events.add(events.size());
		return true;
	}

	private WindowStep<T, A> step(String key, WindowData data, Instant now, List<Event<T>> events, boolean measured)
			throws Exception {
		WindowStep<T, A> step = new WindowStep<>(this.aggregation, this.data, key, data.window(), now, measured);
		for (Event<T> event : events) {
			step.add(event);
		}
		return step;
	}

	/**
	 * Ends the open window, because its time is over; does nothing when the key has
	 * changed meanwhile.
	 */
	void end(ProcessRecord known, WindowData data) throws Exception {
		Instant now = this.store.now();
		WindowStep<T, A> step = new WindowStep<>(this.aggregation, this.data, known.key(), data.window(), now, false);
		step.end();
		commit(known.key(), known.version(), step, remembered(data.handled(), now.plus(this.aggregation.remember())));
	}

	/** Forgets the events of a key without a window, or looks again later. */
	void forget(ProcessRecord known, WindowData data) {
		Instant now = this.store.now();
		Instant dueAt = known.state().dueAt();
		Duration last = (dueAt != null) ? Duration.between(known.changedAt(), dueAt) : SHORTEST_PAUSE;
		// rarer and rarer: these must not keep the sweep from windows that have to end
		Duration pause = last.multipliedBy(2);
		pause = (pause.compareTo(SHORTEST_PAUSE) < 0) ? SHORTEST_PAUSE : pause;
		pause = (pause.compareTo(LONGEST_PAUSE) > 0) ? LONGEST_PAUSE : pause;
		// only here, for a key at rest: a head that moves on with each window would never
		// be settled
		HandledIds sealed = data.handled().sealed(this.store.log()::head, this::settled);
		ProcessState next = (sealed.head() <= settled()) ? null : remembered(sealed, now.plus(pause));
		this.store.processes().commit(new ProcessChange(this.process, known.key(), known.version(), next, List.of()));
	}

	/**
	 * Leaves a window as it is for a while, because its result could not be published.
	 */
	void putOff(ProcessRecord known, String data, Duration pause) {
		this.store.processes()
			.commit(new ProcessChange(this.process, known.key(), known.version(),
					new ProcessState(WindowData.FAILED, data, this.store.now().plus(pause)), List.of()));
	}

	private static ProcessState remembered(HandledIds handled, Instant dueAt) {
		return new ProcessState(WindowData.REMEMBERED, new WindowData(null, handled, null, 0).write(), dueAt);
	}

	private long settled() {
		return this.settled.of(this.process);
	}

	private boolean commit(String key, long expected, WindowStep<T, A> step, ProcessState next) {
		try {
			return commit(key, expected, step, next, step.results());
		}
		catch (SubjectErasedException ex) {
			// those are never published: they must not keep the key from going on
			List<Event<?>> others = step.results().stream().filter((result) -> !this.data.isForgotten(result)).toList();
			if (others.size() == step.results().size()) {
				throw ex;
			}
			return commit(key, expected, step, next, others);
		}
	}

	private boolean commit(String key, long expected, WindowStep<T, A> step, ProcessState next,
			List<Event<?>> results) {
		boolean done = this.pipeline.publishWith(results, this.source, (records) -> this.store.processes()
			.commit(new ProcessChange(this.process, key, expected, next, records)));
		if (done) {
			this.counters.opened.add(step.opened());
			this.counters.ended.add(step.ended());
			this.counters.erased.add(step.erased() + step.results().size() - results.size());
		}
		return done;
	}

}
