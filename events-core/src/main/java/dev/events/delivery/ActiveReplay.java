package dev.events.delivery;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

import dev.events.ReplayInfo.State;
import dev.events.store.EventCriteria;
import dev.events.store.EventLog;
import dev.events.store.ReplayRecord;
import dev.events.store.StoredEvent;
import org.jspecify.annotations.Nullable;

/**
 * What the workers of a node share of a replay: its part of the log, read in pages, and
 * where its keys end. Thread-safe.
 */
final class ActiveReplay {

	private static final int MAX_KEYS = 10_000;

	private final EventLog log;

	private final LogPages pages;

	// positions of the last events of keys, least recently asked for first
	private final Map<String, Long> lastOfKeys = new LinkedHashMap<>(16, 0.75f, true);

	// position of the last event, once it was looked for
	private volatile @Nullable Long last;

	private volatile ReplayRecord replay;

	ActiveReplay(EventLog log, int pageSize, ReplayRecord replay) {
		this.log = log;
		this.pages = new LogPages(this::read, pageSize);
		this.replay = replay;
	}

	UUID id() {
		return this.replay.id();
	}

	ReplayRecord replay() {
		return this.replay;
	}

	/** The replay as it was read last. */
	void update(ReplayRecord replay) {
		this.replay = replay;
	}

	boolean isRunning() {
		return this.replay.state() == State.RUNNING;
	}

	/** The next events of the replay after a position, as far as one page goes. */
	LogSlice after(long position) throws InterruptedException {
		return this.pages.after(position, this.replay.upTo());
	}

	/**
	 * Events that meet the criteria, with {@code after < position <= upTo}, in order;
	 * fewer than the limit only when there are no more.
	 */
	List<StoredEvent> read(long after, long upTo, int limit) {
		return this.log.query(this.replay.criteria().oldestFirst().beyond(after), limit)
			.stream()
			.filter((event) -> event.position() <= upTo)
			.toList();
	}

	/**
	 * Position of the last event of the replay; 0 when there is none. What lies behind it
	 * need not be searched.
	 */
	long last() {
		Long last = this.last;
		if (last == null) {
			last = last(this.replay.criteria());
			this.last = last;
		}
		return last;
	}

	private long last(EventCriteria criteria) {
		List<StoredEvent> found = this.log.query(criteria.newestBelow(this.replay.upTo() + 1), 1);
		return found.isEmpty() ? 0 : found.get(0).position();
	}

	/**
	 * Position of the last event of a key in the replay; 0 when there is none. The part
	 * of the log is settled, so the answer never changes.
	 */
	long lastOf(String key) {
		EventCriteria criteria = this.replay.criteria();
		if (criteria.key() != null && !criteria.key().equals(key)) {
			return 0;
		}
		synchronized (this) {
			Long known = this.lastOfKeys.get(key);
			if (known != null) {
				return known;
			}
		}
		long last = last(criteria.withKey(key));
		synchronized (this) {
			this.lastOfKeys.put(key, last);
			if (this.lastOfKeys.size() > MAX_KEYS) {
				this.lastOfKeys.remove(this.lastOfKeys.keySet().iterator().next());
			}
		}
		return last;
	}

}
