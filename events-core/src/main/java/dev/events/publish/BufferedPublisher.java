package dev.events.publish;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import dev.events.EventException;
import dev.events.EventStoreException;
import dev.events.Publication;
import dev.events.UnknownOutcomeException;
import dev.events.store.EventRecord;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Publishes without letting the caller wait for the store: a bounded buffer, emptied in
 * batches by one thread of its own, so that the order of publication is kept.
 * Thread-safe.
 * <p>
 * Invariants: an event is in the buffer, with the one writer or among the completions
 * until its future is completed, one way or the other; the writer runs no code of users,
 * which may wait for the writer, and ends only when the publisher is closed.
 */
public final class BufferedPublisher implements AutoCloseable {

	private static final Logger logger = LoggerFactory.getLogger(BufferedPublisher.class);

	private final PublishPipeline pipeline;

	private final PublishSettings settings;

	private final BlockingQueue<Entry> buffer;

	private final Duration closeTimeout;

	private final Completions completions = new Completions();

	private final Object startLock = new Object();

	private @Nullable Thread writer;

	private volatile boolean closed;

	public BufferedPublisher(PublishPipeline pipeline, PublishSettings settings, Duration closeTimeout) {
		this.pipeline = pipeline;
		this.settings = settings;
		this.buffer = new ArrayBlockingQueue<>(settings.bufferCapacity());
		this.closeTimeout = closeTimeout;
	}

	/**
	 * Publishes an event; see {@link dev.events.EventPublisher#publishAsync(Object)}.
	 */
	public CompletableFuture<Publication> publish(Object event, String source) {
		try {
			return this.pipeline.transactions().isActive() ? publishInTransaction(event, source)
					: enqueue(event, source);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			return CompletableFuture
				.failedFuture(new EventException("Interrupted while waiting for a place in the buffer", ex));
		}
		catch (RuntimeException ex) {
			return CompletableFuture.failedFuture(ex);
		}
	}

	private CompletableFuture<Publication> publishInTransaction(Object event, String source) {
		CompletableFuture<Publication> future = new CompletableFuture<>();
		Publication publication = this.pipeline.publish(List.of(event), source).get(0);
		this.pipeline.appender().afterCompletion((failure) -> {
			if (failure == null) {
				future.complete(publication);
			}
			else {
				future.completeExceptionally((failure instanceof UnknownOutcomeException)
						? new UnknownOutcomeException("It is not known whether " + publication.event() + " was stored: "
								+ failure.getMessage(), failure)
						: new EventException(publication.event() + " was not stored: " + failure.getMessage(),
								failure));
			}
		});
		return future;
	}

	private CompletableFuture<Publication> enqueue(Object event, String source) throws InterruptedException {
		PreparedEvents prepared = this.pipeline.prepare(List.of(event), source);
		if (prepared.records().isEmpty()) {
			return CompletableFuture.completedFuture(prepared.publications(List.of()).get(0));
		}
		Entry entry = new Entry(prepared, new CompletableFuture<>());
		ensureStarted();
		while (!this.buffer.offer(entry, 100, TimeUnit.MILLISECONDS)) {
			requireOpen();
		}
		// closed meanwhile: the writer may have looked for the last time already
		if (this.closed && this.buffer.remove(entry)) {
			requireOpen();
		}
		return entry.future;
	}

	private void requireOpen() {
		if (this.closed) {
			throw new EventException("The event bus is closed");
		}
	}

	private void ensureStarted() {
		synchronized (this.startLock) {
			requireOpen();
			if (this.writer == null) {
				Thread thread = new Thread(this::write, "events-publisher");
				thread.setDaemon(true);
				thread.start();
				this.writer = thread;
			}
		}
	}

	private void write() {
		try {
			while (!this.closed || !this.buffer.isEmpty()) {
				writeBatch();
			}
		}
		finally {
			failRest();
		}
	}

	private void writeBatch() {
		List<Entry> batch = new ArrayList<>(this.settings.batchSize());
		try {
			collect(batch);
		}
		catch (InterruptedException ex) {
			logger.debug("Nobody has a reason to interrupt us: what is in hand goes on");
		}
		if (!batch.isEmpty()) {
			append(batch);
			complete(batch);
		}
	}

	/** What can no longer be published. */
	private void failRest() {
		List<Entry> rest = new ArrayList<>();
		this.buffer.drainTo(rest);
		EventException closed = new EventException("The event bus was closed");
		rest.forEach((entry) -> entry.fail(closed));
		complete(rest);
	}

	private void complete(List<Entry> entries) {
		List<Entry> inOrder = List.copyOf(entries);
		this.completions.run(inOrder.stream().<Runnable>map((entry) -> entry::completeFuture).toList());
	}

	private void collect(List<Entry> batch) throws InterruptedException {
		Entry first = this.buffer.poll(100, TimeUnit.MILLISECONDS);
		if (first == null) {
			return;
		}
		batch.add(first);
		long deadline = System.nanoTime() + this.settings.linger().toNanos();
		this.buffer.drainTo(batch, this.settings.batchSize() - batch.size());
		while (batch.size() < this.settings.batchSize() && !this.closed) {
			Entry next = this.buffer.poll(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
			if (next == null) {
				return;
			}
			batch.add(next);
			this.buffer.drainTo(batch, this.settings.batchSize() - batch.size());
		}
	}

	/** Appends a batch; whatever happens, each entry has its outcome then. */
	private void append(List<Entry> batch) {
		try {
			List<EventRecord> records = new ArrayList<>(batch.size());
			batch.forEach((entry) -> records.addAll(entry.prepared.records()));
			List<Long> positions = this.pipeline.appender().append(records, false);
			int from = 0;
			for (Entry entry : batch) {
				int to = from + entry.prepared.records().size();
				entry.stored(positions.subList(from, to));
				from = to;
			}
		}
		catch (Throwable ex) {
			if (batch.size() == 1 || ex instanceof Error) {
				batch.forEach((entry) -> entry.fail(ex));
			}
			else {
				appendOneByOne(batch, ex);
			}
		}
	}

	/**
	 * One event that the store refuses must not take the others of its batch with it.
	 * When the store refuses two in a row, it is the store's trouble and the rest is not
	 * tried.
	 * <p>
	 * Why trying again does no harm when nobody knows what became of the batch: the log
	 * takes each id once. And why its outcome counts for those that fail now: what was
	 * refused, or not tried, may have been stored with the batch.
	 */
	private void appendOneByOne(List<Entry> batch, Throwable failed) {
		boolean unknown = failed instanceof UnknownOutcomeException;
		int refused = 0;
		for (Entry entry : batch) {
			if (refused == 2) {
				entry.fail(unknown ? unknown(failed) : new EventStoreException(
						"The event was not stored: the store refused others before it", failed));
				continue;
			}
			try {
				entry.stored(this.pipeline.appender().append(entry.prepared.records(), false));
				refused = 0;
			}
			catch (Throwable ex) {
				refused++;
				entry.fail((unknown && !(ex instanceof UnknownOutcomeException)) ? unknown(ex) : ex);
			}
		}
	}

	private static UnknownOutcomeException unknown(Throwable cause) {
		return new UnknownOutcomeException("It is not known whether the event was stored: the answer of the store was "
				+ "lost, and it could not be asked again", cause);
	}

	/**
	 * Publishes what is in the buffer, for a limited time, and takes nothing more. An
	 * append that is under way is never interrupted: that can close an embedded database.
	 */
	@Override
	public void close() {
		Thread thread;
		synchronized (this.startLock) {
			this.closed = true;
			thread = this.writer;
		}
		if (thread == null) {
			return;
		}
		boolean interrupted = Thread.interrupted();
		long deadline = System.nanoTime() + this.closeTimeout.toNanos();
		while (thread.isAlive() && deadline - System.nanoTime() > 0) {
			try {
				thread.join(Math.max(1, TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime())));
			}
			catch (InterruptedException ex) {
				interrupted = true;
			}
		}
		if (thread.isAlive()) {
			logger.warn("{} buffered events could not be published within {}; their publishers are told",
					this.buffer.size(), this.closeTimeout);
			failRest();
		}
		this.completions.await(deadline);
		if (interrupted) {
			Thread.currentThread().interrupt();
		}
	}

	private static final class Entry {

		private final PreparedEvents prepared;

		private final CompletableFuture<Publication> future;

		// one of the two is set before the future is completed
		private @Nullable Publication publication;

		private @Nullable Throwable error;

		Entry(PreparedEvents prepared, CompletableFuture<Publication> future) {
			this.prepared = prepared;
			this.future = future;
		}

		void stored(List<Long> positions) {
			this.publication = this.prepared.publications(positions).get(0);
		}

		void fail(Throwable error) {
			this.error = error;
		}

		void completeFuture() {
			if (this.publication != null) {
				this.future.complete(this.publication);
			}
			else {
				this.future.completeExceptionally((this.error != null) ? this.error
						: new IllegalStateException("The event left the buffer without an outcome"));
			}
		}

	}

}
