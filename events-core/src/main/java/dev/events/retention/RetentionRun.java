package dev.events.retention;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.IntConsumer;

import dev.events.store.EventLog;
import dev.events.store.EventStore;
import dev.events.store.Expiry;
import org.jspecify.annotations.Nullable;

/**
 * One run of retention, from start to stop: how far it is. For the thread of its loop; a
 * run that hangs when it is stopped shares nothing with the next one.
 */
final class RetentionRun {

	private static final String TASK = "retention";

	private static final Duration LEAD = Duration.ofSeconds(30);

	// between pages in which there was nothing to delete
	private static final Duration LOOKING = Duration.ofMillis(5);

	private final EventStore store;

	private final String node;

	private final RetentionSettings settings;

	private final IntConsumer onDelete;

	private final Consumer<HeldBack> onHeldBack;

	private final Deque<RuleSweep> todo = new ArrayDeque<>();

	private List<RuleSweep> rules = List.of();

	private boolean leads;

	private long last;

	private HeldBack heldBack = HeldBack.NOTHING;

	/**
	 * Begins at the beginning of the log.
	 * @param onDelete called with the number of events that were deleted
	 * @param onHeldBack called with what is held back, when the whole log was looked at,
	 * and when this node no longer knows
	 */
	RetentionRun(EventStore store, String node, RetentionSettings settings, IntConsumer onDelete,
			Consumer<HeldBack> onHeldBack) {
		this.store = store;
		this.node = node;
		this.settings = settings;
		this.onDelete = onDelete;
		this.onHeldBack = onHeldBack;
	}

	/**
	 * One batch, so that a node that stops does not wait for more.
	 * @return how long to wait before the next one
	 */
	Duration step() {
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
		this.onDelete.accept(count);
		if (!rule.isOver(ceiling.position())) {
			return (count > 0) ? this.settings.pause() : LOOKING;
		}
		look(expiry, ceiling);
		this.todo.remove();
		if (!this.todo.isEmpty()) {
			return LOOKING;
		}
		this.onHeldBack.accept(this.heldBack);
		return this.settings.interval();
	}

	private boolean lead() {
		boolean leader = this.store.nodes().lead(TASK, this.node, this.settings.interval().multipliedBy(2).plus(LEAD));
		if (leader != this.leads) {
			// what was known of the log may be long ago
			this.rules = leader ? this.settings.applied().stream().map(RuleSweep::new).toList() : List.of();
			this.todo.clear();
			this.onHeldBack.accept(HeldBack.NOTHING);
			this.leads = leader;
		}
		return leader;
	}

	private void begin() {
		EventLog log = this.store.log();
		long head = log.head();
		// the newest one stays
		this.last = head - 1;
		this.heldBack = HeldBack.NOTHING;
		this.rules.forEach((rule) -> rule.begin(log, head));
		this.todo.addAll(this.rules);
	}

	/** Counts what would go if it had been read. */
	private void look(Expiry expiry, Ceiling ceiling) {
		if (ceiling.subscription() != null) {
			int kept = this.store.log()
				.expired(expiry, ceiling.position(), this.last, this.settings.batchSize())
				.positions()
				.size();
			if (kept > 0) {
				this.heldBack = new HeldBack(this.heldBack.events() + kept, ceiling.subscription());
			}
		}
	}

	/**
	 * What the rules no longer keep, but has to stay.
	 *
	 * @param events at least so many
	 * @param by the subscription that is furthest behind, or {@code null}
	 */
	record HeldBack(long events, @Nullable String by) {

		static final HeldBack NOTHING = new HeldBack(0, null);

	}

}
