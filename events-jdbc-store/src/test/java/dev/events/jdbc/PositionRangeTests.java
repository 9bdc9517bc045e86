package dev.events.jdbc;

import java.util.List;
import java.util.Random;

import dev.events.store.EventCriteria;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * In what pieces a query looks at a range of the log.
 */
class PositionRangeTests {

	private static final EventCriteria OLDEST_FIRST = EventCriteria.ALL.beyond(100L);

	@Test
	void theFirstIsSmallAndTheOthersGrow() {
		assertThat(new PositionRange(50, 20_000).windows(OLDEST_FIRST, 1000)).containsExactly(
				new PositionRange(100, 1_100), new PositionRange(1_100, 9_100), new PositionRange(9_100, 20_000));
		assertThat(new PositionRange(50, 20_000).windows(EventCriteria.ALL.newestBelow(10_001), 1000)).containsExactly(
				new PositionRange(9_000, 10_000), new PositionRange(1_000, 9_000), new PositionRange(50, 1_000));
	}

	@Test
	void whatHasNoEndIsAFewPieces() {
		List<PositionRange> windows = PositionRange.ALL.windows(OLDEST_FIRST, 1000);
		assertThat(windows).hasSize(9);
		assertThat(windows.get(8).upTo()).isEqualTo(Long.MAX_VALUE);
	}

	@Test
	void aFirstPageIsNotCut() {
		assertThat(PositionRange.ALL.windows(EventCriteria.ALL, 1000)).containsExactly(PositionRange.ALL);
	}

	@Test
	void piecesMeetAndLeaveNothingOut() {
		Random random = new Random(1);
		for (int i = 0; i < 10_000; i++) {
			PositionRange range = new PositionRange(random.nextInt(1_000), 1_001 + random.nextInt(1_000_000));
			long beyond = range.after() + 1 + random.nextLong(range.upTo() - range.after() - 1);
			boolean down = random.nextBoolean();
			EventCriteria criteria = down ? EventCriteria.ALL.newestBelow(beyond) : EventCriteria.ALL.beyond(beyond);
			List<PositionRange> windows = range.windows(criteria, 1 + random.nextInt(1_000));
			long reached = down ? beyond - 1 : beyond;
			for (PositionRange window : windows) {
				assertThat(down ? window.upTo() : window.after()).as("%s %s", range, windows).isEqualTo(reached);
				reached = down ? window.after() : window.upTo();
			}
			assertThat(reached).as("%s %s", range, windows).isEqualTo(down ? range.after() : range.upTo());
		}
	}

}
