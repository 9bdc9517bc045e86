package dev.events.aggregation;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;

import dev.events.Aggregation;
import dev.events.AggregationWindow;
import dev.events.AggregationWindow.End;
import dev.events.Event;
import dev.events.EventTypeDescriptor;
import dev.events.InvalidEventException;
import dev.events.SubjectErasedException;
import dev.events.aggregation.GatheredData.Sealed;
import dev.events.aggregation.WindowData.Window;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.NullNode;

/**
 * Adds events to the window of a key, ends it, opens the next one. Changes nothing but
 * itself: what comes out of it takes effect with a commit. For one thread.
 * <p>
 * What is gathered is measured once at the end, since that costs; only if it turns out to
 * be too large all is done anew, measured event by event, see {@link TooLargeException}.
 *
 * @param <T> class of the events' data
 * @param <A> class of what is gathered
 */
final class WindowStep<T, A> {

	private final Aggregation<T, A> aggregation;

	private final GatheredData<A> data;

	private final String key;

	private final Instant now;

	private final boolean measured;

	private final List<Event<?>> results = new ArrayList<>();

	private @Nullable Window window;

	// of the window; null as long as it was not read
	private @Nullable A gathered;

	// the same, written; null when it has changed since
	private @Nullable Sealed sealed;

	private int opened;

	private int ended;

	private int erased;

	/**
	 * Begins.
	 * @param window the open window, or {@code null}
	 * @param measured whether to measure with each event
	 */
	WindowStep(Aggregation<T, A> aggregation, GatheredData<A> data, String key, @Nullable Window window, Instant now,
			boolean measured) {
		this.aggregation = aggregation;
		this.data = data;
		this.key = key;
		this.now = now;
		this.measured = measured;
		this.window = window;
		this.sealed = (window != null) ? new Sealed(window.gathered().toString(), window.metadata()) : null;
	}

	/** Adds an event to the open window, or to a new one. */
	void add(Event<T> event) throws Exception {
		try {
			addToWindow(event);
		}
		catch (SubjectErasedException ex) {
			forgotten();
		}
	}

	/** What is gathered is about somebody who was forgotten: nobody could read it. */
	private void forgotten() {
		this.erased++;
		close();
	}

	private void addToWindow(Event<T> event) throws Exception {
		if (this.window != null && !this.now.isBefore(this.window.endsAt())) {
			end();
		}
		Window known = this.window;
		A before = (known != null) ? gathered(known) : null;
		if (known == null || before == null) {
			add(open(event), this.aggregation.initial().get(), event);
			return;
		}
		A next = fold(before, event);
		if (this.measured && fitting(known.id(), next) == null) {
			// the fold may have changed what it was given
			end(known, this.data.read(known.id(), Objects.requireNonNull(this.sealed)), End.SIZE);
			add(open(event), this.aggregation.initial().get(), event);
			return;
		}
		added(known, next, event);
	}

	private void add(Window opened, A initial, Event<T> event) throws Exception {
		added(opened, fold(initial, event), event);
	}

	private void added(Window before, A next, Event<T> event) throws Exception {
		Window window = with(before, event);
		this.window = window;
		this.gathered = next;
		this.sealed = null;
		if (window.events() >= this.aggregation.maxEvents()) {
			if (!this.measured && window.events() > 1 && fitting(window.id(), next) == null) {
				throw new TooLargeException();
			}
			end(window, next, End.EVENTS);
			return;
		}
		if (this.measured) {
			Sealed written = this.data.write(window.id(), next);
			this.sealed = written;
			if (!written.fits(this.aggregation.maxBytes())) {
				end(window, next, End.SIZE);
			}
		}
	}

	private A fold(A gathered, Event<T> event) throws Exception {
		A next = this.aggregation.fold().add(gathered, event);
		if (next == null) {
			throw new IllegalStateException("Aggregation '" + this.aggregation.name()
					+ "' has gathered null; return what was gathered to leave it as it is");
		}
		return next;
	}

	/** What was gathered, written, or {@code null} when it is too large. */
	private @Nullable Sealed fitting(UUID window, A gathered) {
		try {
			Sealed written = this.data.write(window, gathered);
			return written.fits(this.aggregation.maxBytes()) ? written : null;
		}
		catch (SubjectErasedException ex) {
			throw ex;
		}
		catch (InvalidEventException ex) {
			// larger than any data may be, or it cannot be written with the last event
			return null;
		}
	}

	private Window open(Event<T> event) {
		this.opened++;
		return new Window(event.id(), this.now, this.now.plus(this.aggregation.longest()), 0, event.id(),
				event.correlationId(), event.organization(), NullNode.instance, Map.of());
	}

	private Window with(Window window, Event<T> event) {
		Instant endsAt = window.endsAt();
		if (this.aggregation.quiet() != null) {
			Instant latest = window.startedAt().plus(this.aggregation.longest());
			Instant quiet = this.now.plus(this.aggregation.quiet());
			endsAt = quiet.isBefore(latest) ? quiet : latest;
		}
		return new Window(window.id(), window.startedAt(), endsAt, window.events() + 1, event.id(),
				same(window.correlationId(), event.correlationId()), same(window.organization(), event.organization()),
				window.gathered(), window.metadata());
	}

	private static @Nullable String same(@Nullable String all, @Nullable String one) {
		return Objects.equals(all, one) ? all : null;
	}

	/** What the open window has gathered; when nobody can read it, there is none. */
	private @Nullable A gathered(Window window) {
		if (this.gathered == null) {
			try {
				this.gathered = this.data.read(window.id(), Objects.requireNonNull(this.sealed));
			}
			catch (SubjectErasedException ex) {
				forgotten();
			}
		}
		return this.gathered;
	}

	/** Ends the open window, if there is one, because its time is over. */
	void end() throws Exception {
		Window window = this.window;
		A gathered = (window != null) ? gathered(window) : null;
		if (window != null && gathered != null) {
			end(window, gathered, End.TIME);
		}
	}

	private void end(Window window, A gathered, End end) throws Exception {
		Instant endedAt = (end == End.TIME) ? window.endsAt() : this.now;
		Object result = this.aggregation.result()
			.of(gathered, new AggregationWindow(this.aggregation.name(), this.key, window.startedAt(), endedAt,
					window.events(), end));
		if (result != null) {
			this.results.add(event(window, result));
		}
		this.ended++;
		close();
	}

	private void close() {
		this.window = null;
		this.gathered = null;
		this.sealed = null;
	}

	private Event<?> event(Window window, Object result) {
		String type = this.aggregation.resultType();
		Class<?> dataType = result.getClass();
		boolean described = EventTypeDescriptor.isEventType(dataType)
				&& EventTypeDescriptor.of(dataType).type().equals(type);
		Event<?> event = described ? Event.of(result) : Event.of(type, result);
		if (event.key() == null) {
			event = event.withKey(this.key);
		}
		return event.withOrganization(window.organization())
			.withCorrelationId(window.correlationId())
			.withCausationId(window.last().toString());
	}

	/**
	 * The open window as it is to be stored, or {@code null} when there is none.
	 * @throws TooLargeException when it has gathered too much
	 */
	@Nullable Window window() {
		try {
			return written();
		}
		catch (SubjectErasedException ex) {
			forgotten();
			return null;
		}
	}

	private @Nullable Window written() {
		Window window = this.window;
		A gathered = this.gathered;
		if (window == null || gathered == null) {
			return window;
		}
		Sealed sealed = (this.sealed != null) ? this.sealed : fitting(window.id(), gathered);
		if (sealed == null) {
			throw new TooLargeException();
		}
		if (this.opened > 0) {
			this.data.requireReadable(window.id(), gathered, sealed);
		}
		return new Window(window.id(), window.startedAt(), window.endsAt(), window.events(), window.last(),
				window.correlationId(), window.organization(), this.data.tree(sealed), sealed.metadata());
	}

	/** What is to be published. */
	List<Event<?>> results() {
		return this.results;
	}

	int opened() {
		return this.opened;
	}

	int ended() {
		return this.ended;
	}

	int erased() {
		return this.erased;
	}

	/**
	 * What was gathered is too large; where the window has to end shows when all is done
	 * anew, measured with each event.
	 */
	static final class TooLargeException extends RuntimeException {

		private static final long serialVersionUID = 1L;

		TooLargeException() {
			super("More is gathered than may be", null, false, false);
		}

	}

}
