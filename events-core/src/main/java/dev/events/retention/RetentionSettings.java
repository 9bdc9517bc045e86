package dev.events.retention;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import dev.events.EventPattern;
import dev.events.store.EventSelection;

/**
 * What is kept, and how the rest is deleted.
 *
 * @param rules the first one that matches an event's type decides; what none matches is
 * kept for ever
 * @param deleteUnread whether events are deleted that a subscription has not had yet
 * @param interval how long to rest when there is nothing left to delete
 * @param batchSize most events looked at, and deleted, at once
 * @param pause how long to rest between two batches
 */
public record RetentionSettings(List<RetentionRule> rules, boolean deleteUnread, Duration interval, int batchSize,
		Duration pause) {

	/** Keeps everything; otherwise every minute, 1000 at once, 50 ms between batches. */
	public static final RetentionSettings DEFAULT = new RetentionSettings(List.of(), false, Duration.ofMinutes(1), 1000,
			Duration.ofMillis(50));

	public RetentionSettings {
		rules = List.copyOf(rules);
		require(interval.compareTo(Duration.ofMillis(10)) >= 0, "interval must be at least 10ms");
		require(batchSize >= 1 && batchSize <= 100_000, "batch-size must be from 1 to 100000");
		require(!pause.isNegative(), "pause must not be negative");
		require(!deleteUnread || rules.stream().anyMatch(RetentionRule::isLimited),
				"delete-unread is true, but nothing is ever deleted: add a max-age or max-count, or a rule with one");
		for (int i = 0; i < rules.size() - 1; i++) {
			require(!isForAll(rules.get(i)), "the rule for '" + rules.get(i).type()
					+ "' matches every type, so the rules behind it never apply: put it last");
		}
	}

	private static boolean isForAll(RetentionRule rule) {
		return rule.type().toString().equals("**");
	}

	/** A copy with other rules. */
	public RetentionSettings withRules(List<RetentionRule> rules) {
		return new RetentionSettings(rules, this.deleteUnread, this.interval, this.batchSize, this.pause);
	}

	/** A copy that deletes unread events, or not. */
	public RetentionSettings withDeleteUnread(boolean deleteUnread) {
		return new RetentionSettings(this.rules, deleteUnread, this.interval, this.batchSize, this.pause);
	}

	/** A copy with other batches. */
	public RetentionSettings withBatches(Duration interval, int batchSize, Duration pause) {
		return new RetentionSettings(this.rules, this.deleteUnread, interval, batchSize, pause);
	}

	/** The rules that let something go, each with the events that it decides on. */
	List<Applied> applied() {
		List<Applied> applied = new ArrayList<>();
		List<EventPattern> earlier = new ArrayList<>();
		for (RetentionRule rule : this.rules) {
			if (rule.isLimited()) {
				applied.add(new Applied(rule, new EventSelection(rule.type(), earlier)));
			}
			earlier.add(rule.type());
		}
		return List.copyOf(applied);
	}

	private static void require(boolean condition, String message) {
		if (!condition) {
			throw new IllegalArgumentException("Retention: " + message);
		}
	}

	/**
	 * A rule among the others.
	 *
	 * @param rule the rule
	 * @param events the events that no earlier rule decides on
	 */
	record Applied(RetentionRule rule, EventSelection events) {

	}

}
