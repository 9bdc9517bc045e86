package dev.events.access;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

import dev.events.Event;
import dev.events.EventAccessPolicy;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Publishes that something was refused, at most once a minute for each kind of refusal
 * and {@value #MAX_AUDITS} times in all, and in a thread of its own: the refused
 * publisher's transaction may be rolled back. Thread-safe.
 */
final class RefusalAudit {

	private static final Logger logger = LoggerFactory.getLogger(RefusalAudit.class);

	private static final long INTERVAL = TimeUnit.MINUTES.toNanos(1);

	// kinds come from publishers, so the memory for them is bounded
	private static final int MAX_KINDS = 1000;

	// who makes up kinds must not fill the log with us
	static final int MAX_AUDITS = 60;

	private static final int MAX_WAITING = 1000;

	private static final int PATIENCE = 2;

	private final Consumer<Event<?>> publisher;

	private final LongSupplier nanoTime;

	private final ThreadLocal<Boolean> publishing = ThreadLocal.withInitial(() -> false);

	private final ThreadPoolExecutor executor;

	// least recently audited first; guarded by itself
	private final Map<Kind, Count> counts = new LinkedHashMap<>();

	// when the present minute began, what was audited in it, and refusals since then that
	// were not, for there were too many kinds; guarded by the counts
	private long minute;

	private int audits;

	private long others;

	RefusalAudit(Consumer<Event<?>> publisher, LongSupplier nanoTime) {
		this.publisher = publisher;
		this.nanoTime = nanoTime;
		this.minute = nanoTime.getAsLong();
		this.executor = new ThreadPoolExecutor(1, 1, 1, TimeUnit.SECONDS, new ArrayBlockingQueue<>(MAX_WAITING),
				(task) -> {
					Thread thread = new Thread(task, "events-audit");
					thread.setDaemon(true);
					return thread;
				});
		this.executor.allowCoreThreadTimeOut(true);
	}

	/** Whether the calling thread publishes an audit event. */
	boolean isPublishing() {
		return this.publishing.get();
	}

	/**
	 * Notes a refusal.
	 * @return whether it is the first of its kind for some time, and so audited
	 */
	boolean refused(String action, Event<?> event, @Nullable String subscription, String reason) {
		Audited audited = count(new Kind(action, event.type(), event.source(), subscription));
		if (audited == null) {
			return false;
		}
		Map<String, Object> data = new LinkedHashMap<>();
		data.put("action", action);
		data.put("type", event.type());
		data.put("source", event.source());
		put(data, "subscription", subscription);
		put(data, "user", event.user());
		put(data, "organization", event.organization());
		data.put("reason", reason);
		data.put("count", audited.count);
		if (audited.others > 0) {
			data.put("others", audited.others);
		}
		Event<?> audit = Event.of(EventAccessPolicy.REFUSED, data);
		try {
			this.executor.execute(() -> publish(audit));
		}
		catch (RejectedExecutionException ex) {
			logger.warn("A refusal could not be audited, for too many others wait for that");
		}
		return true;
	}

	private static void put(Map<String, Object> data, String name, @Nullable String value) {
		if (value != null) {
			data.put(name, value);
		}
	}

	/** What to tell about this kind; {@code null} when it is not its time. */
	private @Nullable Audited count(Kind kind) {
		long now = this.nanoTime.getAsLong();
		synchronized (this.counts) {
			Count known = this.counts.get(kind);
			if (known != null && now - known.auditedAt < INTERVAL) {
				known.refusals++;
				return null;
			}
			if (now - this.minute >= INTERVAL) {
				this.minute = now;
				this.audits = 0;
			}
			if (this.audits == MAX_AUDITS) {
				if (known != null) {
					known.refusals++;
				}
				else {
					this.others++;
				}
				return null;
			}
			this.audits++;
			long refusals = (known != null) ? known.refusals : 0;
			this.counts.remove(kind);
			if (this.counts.size() >= MAX_KINDS) {
				this.counts.remove(this.counts.keySet().iterator().next());
			}
			this.counts.put(kind, new Count(now));
			long untold = this.others;
			this.others = 0;
			return new Audited(refusals + 1, untold);
		}
	}

	private void publish(Event<?> audit) {
		this.publishing.set(true);
		try {
			this.publisher.accept(audit);
		}
		catch (RuntimeException ex) {
			logger.warn("A refusal could not be audited", ex);
		}
		finally {
			this.publishing.remove();
		}
	}

	void close() {
		this.executor.shutdown();
		try {
			if (!this.executor.awaitTermination(PATIENCE, TimeUnit.SECONDS)) {
				logger.warn("Some refusals were not audited");
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	private record Kind(String action, String type, String source, @Nullable String subscription) {

	}

	/**
	 * What is told.
	 *
	 * @param count how many there were of the kind, this one included
	 * @param others how many there were of kinds that were not told
	 */
	private record Audited(long count, long others) {

	}

	/**
	 * Refusals of one kind; guarded by the map it is in.
	 */
	private static final class Count {

		private final long auditedAt;

		private long refusals;

		Count(long auditedAt) {
			this.auditedAt = auditedAt;
		}

	}

}
