package dev.events.batch;

import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

import dev.events.BatchEmitter;
import dev.events.BatchOptions;
import dev.events.Event;
import dev.events.EventStats;

/**
 * The emitters of a bus, and what they have emitted. Thread-safe.
 */
public final class Emitters implements AutoCloseable {

	private final Consumer<Event<?>> publisher;

	private final Duration closeTimeout;

	private final LongSupplier nanoTime;

	// guarded by itself
	private final Set<CollectingEmitter<?>> open = new HashSet<>();

	// guarded by the set
	private boolean closed;

	private final LongAdder emitted = new LongAdder();

	private final LongAdder items = new LongAdder();

	private final LongAdder lost = new LongAdder();

	/**
	 * Creates it without emitters.
	 * @param publisher publishes an event, and returns when it is stored
	 * @param closeTimeout how long an emitter may take to emit the rest
	 * @param nanoTime the time by which items wait
	 */
	public Emitters(Consumer<Event<?>> publisher, Duration closeTimeout, LongSupplier nanoTime) {
		this.publisher = publisher;
		this.closeTimeout = closeTimeout;
		this.nanoTime = nanoTime;
	}

	/**
	 * Opens an emitter.
	 * @throws dev.events.InvalidEventException when the type is not a valid name, or key
	 * or organization are not valid
	 * @throws IllegalStateException when the bus is closed
	 */
	public <T> BatchEmitter<T> open(String type, BatchOptions options) {
		Event<?> empty = Event.of(type, "").withKey(options.key()).withOrganization(options.organization());
		CollectingEmitter<T> emitter = new CollectingEmitter<>(empty.type(), options, this);
		synchronized (this.open) {
			if (this.closed) {
				throw new IllegalStateException("The event bus is closed");
			}
			this.open.add(emitter);
		}
		emitter.start();
		return emitter;
	}

	void publish(Event<?> event, int items) {
		this.publisher.accept(event);
		this.emitted.increment();
		this.items.add(items);
	}

	void lost(int items) {
		this.lost.add(items);
	}

	Duration closeTimeout() {
		return this.closeTimeout;
	}

	long nanoTime() {
		return this.nanoTime.getAsLong();
	}

	void closed(CollectingEmitter<?> emitter) {
		synchronized (this.open) {
			this.open.remove(emitter);
		}
	}

	private List<CollectingEmitter<?>> openOnes() {
		synchronized (this.open) {
			return List.copyOf(this.open);
		}
	}

	/** Whether items could be emitted now and are not yet. */
	public boolean isBehind() {
		return openOnes().stream().anyMatch(CollectingEmitter::isDue);
	}

	/** Looks at once at what waits for its time, which may have made a jump. */
	public void wake() {
		openOnes().forEach(CollectingEmitter::wake);
	}

	/** Closes all emitters, at the same time. */
	@Override
	public void close() {
		synchronized (this.open) {
			this.closed = true;
		}
		List<CollectingEmitter<?>> closing = openOnes();
		closing.forEach(CollectingEmitter::end);
		closing.forEach(CollectingEmitter::close);
	}

	/** Counts since the bus was made. */
	public EventStats.Batches stats() {
		int waiting = openOnes().stream().mapToInt(CollectingEmitter::waiting).sum();
		return new EventStats.Batches(this.emitted.sum(), this.items.sum(), waiting, this.lost.sum());
	}

}
