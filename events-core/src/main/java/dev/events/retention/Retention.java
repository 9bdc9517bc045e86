package dev.events.retention;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;

import dev.events.delivery.Loop;
import dev.events.store.EventLog;
import dev.events.store.EventStore;
import dev.events.store.Expiry;
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

	private static final String TASK = "retention";

	private static final Duration LEAD = Duration.ofSeconds(30);

	private static final Duration PATIENCE = Duration.ofSeconds(5);

	// between pages in which there was nothing to delete
	private static final Duration LOOKING = Duration.ofMillis(5);

	private static final long QUIET_NANOS = Duration.ofHours(1).toNanos();

	private final EventStore store;

	private final String node;

	private final RetentionSettings settings;

	private final LongAdder deleted = new LongAdder();

	private final Deque<RuleSweep> todo = new ArrayDeque<>();

	private List<RuleSweep> rules = List.of();

	private boolean leads;

	private long last;

	private long heldBackSoFar;

	private @Nullable String heldBackBySoFar;

	private @Nullable Long toldAt;

	private volatile RetentionReport heldBack = new RetentionReport(0, 0, null);

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
			Loop starting = new Loop("events-retention", this::step);
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
		RetentionReport known = this.heldBack;
		return new RetentionReport(this.deleted.sum(), known.heldBack(), known.heldBackBy());
	}

	/** One batch, so that a node that stops does not wait for more. */
	private Duration step() {
		if (!lead()) {
			return this.settings.interval();
		}
		if (this.todo.isEmpty()) {
			begin();
		}
		RuleSweep rule = this.todo.element();
		Ceiling ceiling = Ceiling.of(this.store, this.last, this.settings.deleteUnread());
		Expiry expiry = rule.expiry(this.store.now());
		int count = rule.step(this.store.log(), expiry, ceiling.position(), this.settings.batchSize());
		this.deleted.add(count);
		if (!rule.isOver(ceiling.position())) {
			return (count > 0) ? this.settings.pause() : LOOKING;
		}
		look(expiry, ceiling);
		this.todo.remove();
		if (!this.todo.isEmpty()) {
			return LOOKING;
		}
		end();
		return this.settings.interval();
	}

	private boolean lead() {
		boolean leader = this.store.nodes().lead(TASK, this.node, this.settings.interval().multipliedBy(2).plus(LEAD));
		if (leader != this.leads) {
			// what was known of the log may be long ago
			this.rules = leader ? this.settings.applied().stream().map(RuleSweep::new).toList() : List.of();
			this.todo.clear();
			this.heldBack = new RetentionReport(0, 0, null);
			this.leads = leader;
		}
		return leader;
	}

	private void begin() {
		EventLog log = this.store.log();
		long head = log.head();
		// the newest one stays
		this.last = head - 1;
		this.heldBackSoFar = 0;
		this.heldBackBySoFar = null;
		for (RuleSweep rule : this.rules) {
			rule.begin(log, head);
			this.todo.add(rule);
		}
	}

	/** Counts what would go if it had been read. */
	private void look(Expiry expiry, Ceiling ceiling) {
		if (ceiling.subscription() != null) {
			int kept = this.store.log()
				.expired(expiry, ceiling.position(), this.last, this.settings.batchSize())
				.positions()
				.size();
			if (kept > 0) {
				this.heldBackSoFar += kept;
				this.heldBackBySoFar = ceiling.subscription();
			}
		}
	}

	private void end() {
		this.heldBack = new RetentionReport(0, this.heldBackSoFar, this.heldBackBySoFar);
		long now = System.nanoTime();
		if (this.heldBackSoFar > 0 && (this.toldAt == null || now - this.toldAt >= QUIET_NANOS)) {
			this.toldAt = now;
			logger.warn("Retention holds back {} events or more that its rules no longer keep, because subscription "
					+ "'{}' has not had them. Let it catch up, or delete it; events.retention.delete-unread=true would "
					+ "delete them all the same. Said at most once an hour.", this.heldBackSoFar, this.heldBackBySoFar);
		}
	}

}
