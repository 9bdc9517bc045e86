package dev.events.jdbc;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;

import org.jspecify.annotations.Nullable;

/**
 * Knows of each block of the log between which times its events are, so that a query for
 * a range of time reads only blocks that can have some: positions are roughly in the
 * order of time, but anybody may publish an event with any timestamp. Costs publishers
 * nothing: blocks are looked at when a query needs them, once for each node, and a
 * bounded number for each query. Thread-safe.
 * <p>
 * Why it is right: a block is looked at when all of it is settled. Nothing appears in it
 * after that, and what is deleted from it makes the range of its times only smaller.
 */
final class BlockTimes {

	private static final int BLOCK = 10_000;

	// takes about half a second where the rows are cached
	private static final int BLOCKS_AT_ONCE = 200;

	private static final int MOST_RANGES = 16;

	private final Horizon horizon;

	private final int block;

	private final String read;

	private final ReentrantLock reading = new ReentrantLock();

	private volatile Known known = new Known(0, List.of());

	BlockTimes(Tables tables, Horizon horizon) {
		this(tables, horizon, BLOCK);
	}

	/**
	 * Creates one that knows nothing yet.
	 * @param block positions of a block
	 */
	BlockTimes(Tables tables, Horizon horizon, int block) {
		this.horizon = horizon;
		this.block = block;
		this.read = "select (position - 1) / ? as block, min(occurred_at) as first_at, max(occurred_at) as last_at"
				+ " from " + tables.store() + " where position > ? and position <= ? group by 1 order by 1";
	}

	/**
	 * Where events of a range of time can be, in order; at least where they are.
	 * @param since not before, or {@code null}
	 * @param until before, or {@code null}
	 */
	List<PositionRange> ranges(Connection connection, @Nullable Instant since, @Nullable Instant until)
			throws SQLException {
		// whoever comes while somebody reads takes what is known
		if (this.reading.tryLock()) {
			try {
				learn(connection);
			}
			finally {
				this.reading.unlock();
			}
		}
		Known present = this.known;
		List<PositionRange> ranges = new ArrayList<>();
		for (Block block : present.blocks) {
			if (block.mayHave(since, until)) {
				join(ranges, block.positions);
			}
		}
		join(ranges, new PositionRange(present.upTo, Long.MAX_VALUE));
		return (ranges.size() <= MOST_RANGES) ? List.copyOf(ranges)
				: List.of(new PositionRange(ranges.get(0).after(), Long.MAX_VALUE));
	}

	private static void join(List<PositionRange> ranges, PositionRange next) {
		int last = ranges.size() - 1;
		if (last >= 0 && ranges.get(last).upTo() == next.after()) {
			ranges.set(last, new PositionRange(ranges.get(last).after(), next.upTo()));
		}
		else {
			ranges.add(next);
		}
	}

	private void learn(Connection connection) throws SQLException {
		Known before = this.known;
		long head = this.horizon.head(connection);
		if (head < before.upTo) {
			// not the log that it was
			before = new Known(0, List.of());
			this.known = before;
		}
		long blocks = Math.min(BLOCKS_AT_ONCE, (head - before.upTo) / this.block);
		if (blocks > 0) {
			long upTo = before.upTo + blocks * this.block;
			List<Block> all = new ArrayList<>(before.blocks);
			all.addAll(Sql.query(connection, this.read, (rows) -> {
				long after = rows.getLong("block") * this.block;
				return new Block(new PositionRange(after, after + this.block), Sql.instant(rows, "first_at"),
						Sql.instant(rows, "last_at"));
			}, this.block, before.upTo, upTo));
			this.known = new Known(upTo, List.copyOf(all));
		}
	}

	/**
	 * The blocks up to a position; those without events are left out.
	 */
	private record Known(long upTo, List<Block> blocks) {

	}

	/**
	 * Between which times the events of a block are.
	 */
	private record Block(PositionRange positions, Instant first, Instant last) {

		boolean mayHave(@Nullable Instant since, @Nullable Instant until) {
			return (since == null || !this.last.isBefore(since)) && (until == null || this.first.isBefore(until));
		}

	}

}
