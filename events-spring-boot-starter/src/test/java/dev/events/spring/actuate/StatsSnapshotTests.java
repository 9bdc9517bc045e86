package dev.events.spring.actuate;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

import dev.events.EventStats;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class StatsSnapshotTests {

	private final AtomicLong now = new AtomicLong();

	private final AtomicInteger taken = new AtomicInteger();

	private final List<Long> refreshed = new ArrayList<>();

	private boolean fails;

	private final StatsSnapshot snapshot = new StatsSnapshot(this::take, Duration.ofSeconds(5),
			(stats) -> this.refreshed.add(stats.published()), this.now::get);

	private EventStats take() {
		int published = this.taken.incrementAndGet();
		if (this.fails) {
			throw new IllegalStateException("down");
		}
		return new EventStats("test", published, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, Map.of(), List.of(),
				List.of(), null, EventStats.Requests.NONE, EventStats.Batches.NONE);
	}

	@Test
	void isTakenAtMostEverySoOften() {
		assertThat(published()).isEqualTo(1);
		this.now.addAndGet(Duration.ofSeconds(4).toNanos());
		assertThat(published()).isEqualTo(1);
		this.now.addAndGet(Duration.ofSeconds(1).toNanos());
		assertThat(published()).isEqualTo(2);
		assertThat(this.refreshed).containsExactly(1L, 2L);
	}

	@Test
	void keepsTheLastOneWhileTheStoreDoesNotAnswer() {
		this.fails = true;
		assertThat(this.snapshot.get()).isNull();
		assertThat(this.snapshot.get()).isNull();
		assertThat(this.taken).hasValue(1);
		this.fails = false;
		this.now.addAndGet(Duration.ofSeconds(5).toNanos());
		assertThat(published()).isEqualTo(2);
		this.fails = true;
		this.now.addAndGet(Duration.ofSeconds(5).toNanos());
		assertThat(published()).isEqualTo(2);
		assertThat(this.taken).hasValue(3);
	}

	private long published() {
		EventStats stats = this.snapshot.get();
		assertThat(stats).isNotNull();
		return stats.published();
	}

}
