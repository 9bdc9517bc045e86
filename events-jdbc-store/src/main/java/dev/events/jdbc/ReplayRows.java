package dev.events.jdbc;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;

import dev.events.EventPattern;
import dev.events.ReplayInfo.State;
import dev.events.store.EventCriteria;
import dev.events.store.FormerPartitions;
import dev.events.store.ReplayProgress;
import dev.events.store.ReplayRecord;
import org.jspecify.annotations.Nullable;

/**
 * Replays as rows, one for each partition. Not thread-safe.
 */
final class ReplayRows {

	/** The columns of a replay that never change, in the order of {@link #values}. */
	static final String COLUMNS = "replay_id, subscription_id, event_types, source, event_key, organization, "
			+ "occurred_since, occurred_until, after_position, up_to_position, total, rate";

	private final Map<UUID, ReplayRecord> replays = new LinkedHashMap<>();

	private final Map<UUID, List<ReplayProgress>> partitions = new LinkedHashMap<>();

	/** Reads what {@link #add} takes. */
	static String select(Tables tables, Dialect dialect) {
		return "select r." + COLUMNS.replace(", ", ", r.") + ", r.state, r.former_positions, r.created_at,"
				+ " r.finished_at, " + dialect.now()
				+ " as as_of, p.partition_no, p.position, p.handled, p.failed from " + tables.replays()
				+ " r left join " + tables.replayProgress() + " p on p.replay_id = r.replay_id";
	}

	static String order() {
		return " order by r.created_at desc, r.replay_id desc, p.partition_no";
	}

	static List<@Nullable Object> values(ReplayRecord replay) {
		EventCriteria criteria = replay.criteria();
		return new ArrayList<@Nullable Object>(Arrays.asList(replay.id(), replay.subscription(),
				criteria.types().stream().map(EventPattern::toString).collect(Collectors.joining(",")),
				criteria.source(), criteria.key(), criteria.organization(), criteria.since(), criteria.until(),
				replay.after(), replay.upTo(), replay.total(), replay.rate()));
	}

	/** Takes in the current row. */
	boolean add(ResultSet rows) throws SQLException {
		UUID id = rows.getObject("replay_id", UUID.class);
		if (!this.replays.containsKey(id)) {
			this.replays.put(id, replay(id, rows));
			this.partitions.put(id, new ArrayList<>());
		}
		rows.getInt("partition_no");
		return !rows.wasNull() && this.partitions.getOrDefault(id, List.of())
			.add(new ReplayProgress(id, rows.getLong("position"), rows.getLong("handled"), rows.getLong("failed")));
	}

	private static ReplayRecord replay(UUID id, ResultSet rows) throws SQLException {
		String types = rows.getString("event_types");
		List<EventPattern> patterns = types.isEmpty() ? List.of()
				: Arrays.stream(types.split(",")).map(EventPattern::of).toList();
		Instant since = Sql.nullableInstant(rows, "occurred_since");
		Instant until = Sql.nullableInstant(rows, "occurred_until");
		EventCriteria criteria = new EventCriteria(patterns, rows.getString("source"), rows.getString("event_key"),
				rows.getString("organization"), null, since, until, Map.of(), false, null);
		return new ReplayRecord(id, rows.getString("subscription_id"), criteria, rows.getLong("after_position"),
				rows.getLong("up_to_position"), rows.getLong("total"), rows.getDouble("rate"),
				State.valueOf(rows.getString("state")), Sql.instant(rows, "created_at"),
				Sql.nullableInstant(rows, "finished_at"), Sql.instant(rows, "as_of"),
				FormerPartitions.parse(rows.getString("former_positions")), List.of());
	}

	/** What was taken in, in order. */
	List<ReplayRecord> replays() {
		return this.replays.values().stream().map((replay) -> {
			List<ReplayProgress> progress = this.partitions.getOrDefault(replay.id(), List.of());
			return replay.withPartitions(progress);
		}).toList();
	}

}
