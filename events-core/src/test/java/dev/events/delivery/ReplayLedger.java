package dev.events.delivery;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What was handled of one key whose events are numbered 1, 2, 3, …, and what was wrong
 * about it.
 * <p>
 * A node that loses its partition without having saved its progress lets events be
 * repeated, so the strict rules hold for what one incarnation of a node handles without
 * another one in between. In such a piece numbers never become lower, except once for
 * each replay that was started: where it begins. What holds always: no number comes live
 * before the one in front of it, and none is replayed that was not handled live. And when
 * a whole replay is completed, the last that was handled is the newest.
 */
final class ReplayLedger {

	private static final int TRACE = 60;

	private final String key;

	private final List<String> violations = new ArrayList<>();

	private final List<String> trace = new ArrayList<>();

	private final Map<Integer, Integer> attempts = new HashMap<>();

	// by number: the moment at which it was last handled
	private final Map<Integer, Long> lastHandled = new HashMap<>();

	private int highestLive;

	private String incarnation = "";

	private int last;

	private int begun;

	private int replayed;

	ReplayLedger(String key) {
		this.key = key;
	}

	/** How many attempts at a number there are with this one. */
	synchronized int attempt(int number) {
		return this.attempts.merge(number, 1, Integer::sum);
	}

	/**
	 * A number is handled.
	 * @param replays how many replays have been started
	 * @param moment when it was
	 */
	synchronized void handled(int number, boolean replay, String incarnation, int replays, long moment) {
		this.trace.add((replay ? "r" : "") + number + "@" + incarnation + "/" + replays);
		if (this.trace.size() > TRACE) {
			this.trace.remove(0);
		}
		if (!incarnation.equals(this.incarnation)) {
			this.incarnation = incarnation;
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
		this.violations
			.add(this.key + ": " + (replay ? "replayed " : "") + number + " came " + what + ", " + this.trace);
	}

	@Override
	public synchronized String toString() {
		return this.key + this.trace + this.lastHandled;
	}

	/** What the handler had last of the key. */
	synchronized int last() {
		return this.last;
	}

	synchronized int highestLive() {
		return this.highestLive;
	}

	synchronized int replayed() {
		return this.replayed;
	}

	synchronized long lastHandled(int number) {
		return this.lastHandled.getOrDefault(number, -1L);
	}

	synchronized List<String> violations() {
		return List.copyOf(this.violations);
	}

}
