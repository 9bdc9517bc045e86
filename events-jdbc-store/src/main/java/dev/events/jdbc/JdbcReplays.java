package dev.events.jdbc;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

import dev.events.ReplayInfo.State;
import dev.events.store.ReplayRecord;
import dev.events.store.Replays;
import org.jspecify.annotations.Nullable;

/**
 * Replays as rows. What must not happen at the same time locks the row of the
 * subscription, as a change of its partitions does.
 */
final class JdbcReplays implements Replays {

	private final Database database;

	private final Tables tables;

	private final ReplaySql sql;

	private final CursorMoves cursors;

	private final String now;

	JdbcReplays(Database database, Tables tables, Dialect dialect, ReplaySql sql) {
		this.database = database;
		this.tables = tables;
		this.sql = sql;
		this.cursors = new CursorMoves(tables);
		this.now = dialect.now();
	}

	@Override
	public boolean create(ReplayRecord replay) {
		return this.database.transaction("create a replay", (connection) -> {
			Optional<Integer> partitions = locked(connection, replay.subscription());
			if (partitions.isEmpty()) {
				return false;
			}
			this.sql.insert(connection, replay, partitions.get(), replay.state().isFinal() ? this.now : "null");
			return true;
		});
	}

	/**
	 * Locks the row of a subscription.
	 * @return its number of partitions; nothing when there is none, or a replay of it is
	 * active
	 */
	private Optional<Integer> locked(Connection connection, String subscription) throws SQLException {
		Optional<Integer> partitions = Sql.queryOne(connection,
				"select partitions from " + this.tables.subscriptions() + " where id = ? for update",
				(rows) -> rows.getInt(1), subscription);
		return (this.sql.active(connection, subscription) == null) ? partitions : Optional.empty();
	}

	@Override
	public List<ReplayRecord> list() {
		return this.database.autocommit("read replays", (connection) -> this.sql.read(connection, ""));
	}

	@Override
	public Optional<ReplayRecord> find(UUID id) {
		return this.database
			.autocommit("read a replay", (connection) -> this.sql.read(connection, " where r.replay_id = ?", id))
			.stream()
			.findFirst();
	}

	@Override
	public List<ReplayRecord> active() {
		return this.database.autocommit("read replays", this.sql::active);
	}

	@Override
	public boolean change(UUID id, Set<State> from, State to) {
		String states = String.join(", ", java.util.Collections.nCopies(from.size(), "?"));
		List<@Nullable Object> parameters = new ArrayList<>();
		parameters.add(to.name());
		parameters.add(id);
		from.forEach((state) -> parameters.add(state.name()));
		return this.database.transaction("change a replay", (connection) -> Sql.update(connection,
				"update " + this.tables.replays() + " set state = ?, finished_at = "
						+ (to.isFinal() ? this.now : "null") + " where replay_id = ? and state in (" + states + ")",
				parameters.toArray())) > 0;
	}

	@Override
	public boolean rewind(String subscription, long position) {
		return move("rewind a subscription", subscription,
				(connection) -> this.cursors.rewind(connection, subscription, position));
	}

	@Override
	public boolean fastForward(String subscription, long position) {
		return move("move a subscription forward", subscription,
				(connection) -> this.cursors.fastForward(connection, subscription, position));
	}

	private boolean move(String what, String subscription, Database.Work<Integer> work) {
		return this.database.transaction(what,
				(connection) -> locked(connection, subscription).isPresent() && work.on(connection) > 0);
	}

}
