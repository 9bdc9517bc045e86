package dev.events.jdbc;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Knows of each block of the log between which times its events are, so that a query for
 * a range of time reads only blocks that can have some: positions are roughly in the
 * order of time, but anybody may publish an event with any timestamp. Costs publishers
 * nothing: blocks are looked at when a query needs them, once for each node, and for a
 * bounded time for each query. Thread-safe.
 * <p>
 * Why it is right: a block is looked at when all of it is settled. Nothing appears in it
 * after that, and what is deleted from it makes the range of its times only smaller.
 */
final class BlockTimes {

	private static final Logger logger = LoggerFactory.getLogger(BlockTimes.class);

	private static final int BLOCK = 10_000;

	// in one statement, so that none takes long where the rows must be fetched from disk
	private static final int MOST_BLOCKS = 8;

	// of one query; a million cached rows take about as long
	private static final Duration BUDGET = Duration.ofMillis(300);

	// of one statement, when the server is much slower than that
	private static final int STATEMENT_SECONDS = 2;

	private static final int MOST_RANGES = 16;

	private final Horizon horizon;

	private final int block;

	private final long budgetNanos;

	private final String read;

	private final ReentrantLock reading = new ReentrantLock();

	private volatile Known known = new Known(0, List.of());

	BlockTimes(Tables tables, Horizon horizon) {
		this(tables, horizon, BLOCK, BUDGET);
	}

	/**
	 * Creates one that knows nothing yet.
	 * @param block positions of a block
	 * @param budget how long a query may learn; it learns a block at least
	 */
	BlockTimes(Tables tables, Horizon horizon, int block, Duration budget) {
		this.horizon = horizon;
		this.block = block;
		this.budgetNanos = budget.toNanos();
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

	/**
	 * As far as time allows. The query does not fail because it was to be made cheaper:
	 * what is not known is read.
	 */
	private void learn(Connection connection) throws SQLException {
		long head = this.horizon.head(connection);
		if (head < this.known.upTo) {
			// not the log that it was
			this.known = new Known(0, List.of());
		}
		long begin = System.nanoTime();
		int most = 1;
		try {
			do {
				long blocks = Math.min(most, (head - this.known.upTo) / this.block);
				if (blocks == 0) {
					return;
				}
				this.known = learn(connection, this.known, blocks);
				most = Math.min(2 * most, MOST_BLOCKS);
			}
			while (System.nanoTime() - begin < this.budgetNanos);
		}
		catch (SQLException ex) {
			// on a broken connection the query itself fails, and says so
			logger.debug("The times of the events behind position {} could not be read", this.known.upTo, ex);
		}
	}

	private Known learn(Connection connection, Known before, long blocks) throws SQLException {
		long upTo = before.upTo + blocks * this.block;
		List<Block> all = new ArrayList<>(before.blocks);
		all.addAll(Sql.query(connection, this.read, STATEMENT_SECONDS, (rows) -> {
			long after = rows.getLong("block") * this.block;
			return new Block(new PositionRange(after, after + this.block), Sql.instant(rows, "first_at"),
					Sql.instant(rows, "last_at"));
		}, this.block, before.upTo, upTo));
		return new Known(upTo, List.copyOf(all));
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
