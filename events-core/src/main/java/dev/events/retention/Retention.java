package dev.events.retention;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;

import dev.events.delivery.Loop;
import dev.events.retention.RetentionRun.HeldBack;
import dev.events.store.EventStore;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Deletes events that the rules no longer keep: in small batches with a pause between
 * them, on one node at a time, and nothing that a subscription has not had unless that is
 * wanted. Two nodes at once, which can be for a moment, do no harm: what is deleted is
 * expired and read for both. All times are the store's. Can be started and stopped again
 * and again. Thread-safe.
 */
public final class Retention {

	private static final Logger logger = LoggerFactory.getLogger(Retention.class);

	private static final Duration PATIENCE = Duration.ofSeconds(5);

	private static final long QUIET_NANOS = Duration.ofHours(1).toNanos();

	private final EventStore store;

	private final String node;

	private final RetentionSettings settings;

	private final LongAdder deleted = new LongAdder();

	private final AtomicReference<@Nullable Long> toldAt = new AtomicReference<>();

	private volatile HeldBack heldBack = HeldBack.NOTHING;

	private @Nullable Loop loop;

	/**
	 * Creates it; nothing runs yet.
	 * @param node id of this node
	 */
	public Retention(EventStore store, String node, RetentionSettings settings) {
		this.store = store;
		this.node = node;
		this.settings = settings;
	}

	/** Begins. Does nothing when it has begun, or when everything is kept. */
	public synchronized void start() {
		if (this.loop == null && isLimited()) {
			RetentionRun run = new RetentionRun(this.store, this.node, this.settings, this.deleted::add, this::tell);
			Loop starting = new Loop("events-retention", run::step);
			this.loop = starting;
			starting.start();
		}
	}

	/** Ends; a batch that is under way is waited for. */
	public synchronized void stop() {
		Loop stopping = this.loop;
		if (stopping != null) {
			stopping.stop(PATIENCE);
			this.loop = null;
		}
	}

	/** Whether any rule lets anything go. */
	public boolean isLimited() {
		return this.settings.rules().stream().anyMatch(RetentionRule::isLimited);
	}

	/** What this node has deleted, and holds back while it is the one that deletes. */
	public RetentionReport report() {
		HeldBack known = this.heldBack;
		return new RetentionReport(this.deleted.sum(), known.events(), known.by());
	}

	private void tell(HeldBack found) {
		this.heldBack = found;
		long now = System.nanoTime();
		Long told = this.toldAt.get();
		if (found.events() > 0 && (told == null || now - told >= QUIET_NANOS) && this.toldAt.compareAndSet(told, now)) {
			logger.warn("Retention holds back {} events or more that its rules no longer keep, because subscription "
					+ "'{}' has not had them. Let it catch up, or delete it; events.retention.delete-unread=true would "
					+ "delete them all the same. Said at most once an hour.", found.events(), found.by());
		}
	}

}
