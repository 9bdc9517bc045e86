package dev.events.jdbc;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicBoolean;

import dev.events.store.EventLog;
import dev.events.store.LogSegment;
import dev.events.store.StoredEvent;

/**
 * Publishers in many threads, and one reader that follows the log until they have ended
 * and it has seen what it will ever see.
 */
final class FollowedPublishing {

	private static final int PUBLISHERS = 8;

	private final EventLog log;

	private final AtomicBoolean publishing = new AtomicBoolean(true);

	private FollowedPublishing(EventLog log) {
		this.log = log;
	}

	/** The events that were read. */
	static List<StoredEvent> run(EventLog log, int times, Publisher publisher) throws Exception {
		return new FollowedPublishing(log).run(times, publisher);
	}

	private List<StoredEvent> run(int times, Publisher publisher) throws Exception {
		ExecutorService threads = Executors.newFixedThreadPool(PUBLISHERS + 1);
		try {
			Future<List<StoredEvent>> reader = threads.submit(this::follow);
			List<Future<?>> publishers = new ArrayList<>();
			for (int thread = 0; thread < PUBLISHERS; thread++) {
				Random random = new Random(thread);
				publishers.add(threads.submit(() -> {
					for (int i = 0; i < times; i++) {
						publisher.publish(random);
					}
					return null;
				}));
			}
			for (Future<?> one : publishers) {
				one.get();
			}
			this.publishing.set(false);
			return reader.get();
		}
		finally {
			threads.shutdownNow();
		}
	}

	private List<StoredEvent> follow() {
		List<StoredEvent> followed = new ArrayList<>();
		long after = 0;
		boolean last = false;
		while (true) {
			boolean quickly = ThreadLocalRandom.current().nextInt(3) == 0;
			LogSegment segment = quickly ? this.log.followQuickly(after, 37) : this.log.follow(after, 37);
			followed.addAll(segment.events());
			after = segment.settled();
			if (segment.events().isEmpty()) {
				if (last && !segment.more()) {
					return followed;
				}
				last = !this.publishing.get();
			}
		}
	}

	/** Publishes in one transaction. */
	interface Publisher {

		void publish(Random random) throws Exception;

	}

}
