package dev.events.schema;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;

import dev.events.EventException;
import dev.events.EventSchema;
import dev.events.store.SchemaRecord;
import dev.events.store.Schemas;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What this node knows of the stored schemas. Schemas never change and are never deleted,
 * so that what is known stays true, and only what is new can be missing. Thread-safe.
 */
final class SchemaCache {

	private static final Logger logger = LoggerFactory.getLogger(SchemaCache.class);

	// twice that is the promise of the registry
	private static final long REFRESH_NANOS = Duration.ofSeconds(5).toNanos();

	private static final long RETRY_NANOS = Duration.ofMillis(500).toNanos();

	private static final Duration PATIENCE = Duration.ofSeconds(1);

	private final Schemas store;

	private final LongSupplier nanoTime;

	private final AtomicReference<@Nullable CompletableFuture<SchemaSnapshot>> running = new AtomicReference<>();

	private volatile State state;

	SchemaCache(Schemas store, LongSupplier nanoTime) {
		this.store = store;
		this.nanoTime = nanoTime;
		long now = nanoTime.getAsLong();
		this.state = new State(SchemaSnapshot.EMPTY, now - 3 * REFRESH_NANOS, now);
	}

	/**
	 * For publishers, who are not to wait for the store if that can be avoided, and must
	 * not take a connection beside the one they hold: read in another thread, and waited
	 * for only when what is known is old, and not for long.
	 */
	SchemaSnapshot current() {
		State known = this.state;
		long now = this.nanoTime.getAsLong();
		if (now - known.readAt < REFRESH_NANOS || now - known.notBefore < 0) {
			return known.snapshot;
		}
		CompletableFuture<SchemaSnapshot> reading = readInBackground();
		return (now - known.readAt < 2 * REFRESH_NANOS) ? known.snapshot : await(reading);
	}

	/** For a publisher that misses something. */
	SchemaSnapshot newest() {
		State known = this.state;
		long now = this.nanoTime.getAsLong();
		boolean fresh = now - known.readAt < RETRY_NANOS || now - known.notBefore < 0;
		return fresh ? known.snapshot : await(readInBackground());
	}

	/**
	 * For everybody else.
	 * @throws dev.events.EventStoreException when the store cannot be reached
	 */
	SchemaSnapshot reloaded() {
		long now = this.nanoTime.getAsLong();
		List<SchemaRecord> records = this.store.list();
		return replace(records, now);
	}

	/** As {@link #reloaded()}, unless what is known is young. */
	SchemaSnapshot recent() {
		State known = this.state;
		return (this.nanoTime.getAsLong() - known.readAt < REFRESH_NANOS) ? known.snapshot : reloaded();
	}

	private synchronized SchemaSnapshot replace(List<SchemaRecord> records, long readAt) {
		Map<String, Map<String, RegisteredSchema>> known = this.state.snapshot.byType();
		List<RegisteredSchema> schemas = new ArrayList<>();
		// what was registered while the records were read is not among them
		known.values().forEach((versions) -> schemas.addAll(versions.values()));
		for (SchemaRecord record : records) {
			if (!known.getOrDefault(record.type(), Map.of()).containsKey(record.version())) {
				RegisteredSchema registered = registered(record);
				if (registered != null) {
					schemas.add(registered);
				}
			}
		}
		SchemaSnapshot snapshot = SchemaSnapshot.of(schemas);
		this.state = new State(snapshot, readAt, readAt);
		return snapshot;
	}

	/** Makes a schema known that was registered just now. */
	synchronized void add(SchemaRecord record) {
		replace(List.of(record), this.state.readAt);
	}

	private static @Nullable RegisteredSchema registered(SchemaRecord record) {
		try {
			return new RegisteredSchema(EventSchema.parse(record.type(), record.version(), record.document()));
		}
		catch (EventException ex) {
			logger.warn("A stored schema is passed over: {}", ex.getMessage());
			return null;
		}
	}

	private CompletableFuture<SchemaSnapshot> readInBackground() {
		CompletableFuture<SchemaSnapshot> mine = new CompletableFuture<>();
		CompletableFuture<SchemaSnapshot> other = this.running.compareAndExchange(null, mine);
		if (other != null) {
			return other;
		}
		Thread thread = new Thread(() -> read(mine), "events-schemas");
		thread.setDaemon(true);
		thread.start();
		return mine;
	}

	private void read(CompletableFuture<SchemaSnapshot> reading) {
		SchemaSnapshot snapshot = null;
		Throwable failure = null;
		try {
			snapshot = reloaded();
		}
		catch (RuntimeException | Error ex) {
			logger.debug("Schemas could not be read; those that are known stay", ex);
			pause(RETRY_NANOS);
			failure = ex;
		}
		// first, so that whoever has got this answer can ask again
		this.running.set(null);
		if (snapshot != null) {
			reading.complete(snapshot);
		}
		else {
			reading.completeExceptionally((failure != null) ? failure : new IllegalStateException());
		}
	}

	private synchronized void pause(long nanos) {
		this.state = new State(this.state.snapshot, this.state.readAt, this.nanoTime.getAsLong() + nanos);
	}

	private SchemaSnapshot await(CompletableFuture<SchemaSnapshot> reading) {
		try {
			return reading.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
		catch (ExecutionException ex) {
			// what is known will do
		}
		catch (TimeoutException ex) {
			// it hangs, and nobody else is to wait for it
			pause(REFRESH_NANOS);
		}
		return this.state.snapshot;
	}

	/**
	 * What is known.
	 *
	 * @param snapshot the schemas
	 * @param readAt when they were read
	 * @param notBefore when it may be tried again
	 */
	private record State(SchemaSnapshot snapshot, long readAt, long notBefore) {

	}

}
