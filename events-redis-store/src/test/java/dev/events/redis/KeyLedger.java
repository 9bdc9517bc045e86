package dev.events.redis;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What was handled of one key whose events are numbered 1, 2, 3, …, and what was wrong
 * about it.
 * <p>
 * What is not saved when a partition is claimed anew is repeated, so the strict rule
 * holds between two claims of a node, without another node in between: there numbers
 * never become lower, except once for each replay that was started, where it begins. What
 * holds always: no number comes live before the one in front of it, and none is replayed
 * that was not handled live.
 */
final class KeyLedger {

	private static final int TRACE = 60;

	private final List<String> violations = new ArrayList<>();

	private final List<String> trace = new ArrayList<>();

	// by number: the moment at which it was last handled
	private final Map<Integer, Long> lastHandled = new HashMap<>();

	private int highestLive;

	private String owner = "";

	private int last;

	private int begun;

	private int replayed;

	/**
	 * A number is handled.
	 * @param owner the node, and how often it has claimed
	 * @param replays how many replays have been started
	 * @param moment when it was
	 */
	synchronized void handled(int number, boolean replay, String owner, int replays, long moment) {
		this.trace.add((replay ? "r" : "") + number + "@" + owner + "/" + replays);
		if (this.trace.size() > TRACE) {
			this.trace.remove(0);
		}
		if (!owner.equals(this.owner)) {
			this.owner = owner;
			this.last = 0;
			this.begun = 0;
		}
		if (number > this.highestLive + (replay ? 0 : 1)) {
			violation(number, replay, "though live only " + this.highestLive + " was reached");
		}
		if (number < this.last && replay && replays > this.begun) {
			this.begun = replays;
		}
		else if (number < this.last) {
			violation(number, replay, "after " + this.last);
		}
		this.last = number;
		this.highestLive = Math.max(this.highestLive, replay ? 0 : number);
		this.replayed += replay ? 1 : 0;
		this.lastHandled.put(number, moment);
	}

	private void violation(int number, boolean replay, String what) {
		this.violations.add((replay ? "replayed " : "") + number + " came " + what + ", " + this.trace);
	}

	synchronized int highestLive() {
		return this.highestLive;
	}

	synchronized int replayed() {
		return this.replayed;
	}

	/** Numbers up to one that were not handled at or after a moment. */
	synchronized List<Integer> missing(int upTo, long moment) {
		List<Integer> missing = new ArrayList<>();
		for (int number = 1; number <= upTo; number++) {
			if (this.lastHandled.getOrDefault(number, -1L) < moment) {
				missing.add(number);
			}
		}
		return missing;
	}

	synchronized List<String> violations() {
		return List.copyOf(this.violations);
	}

	@Override
	public synchronized String toString() {
		return this.trace.toString();
	}

}
