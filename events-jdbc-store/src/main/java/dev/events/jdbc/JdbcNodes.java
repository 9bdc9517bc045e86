package dev.events.jdbc;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

import dev.events.store.NodeRecord;
import dev.events.store.Nodes;

/**
 * Running nodes as rows.
 */
final class JdbcNodes implements Nodes {

	private final Database database;

	private final String upsert;

	private final String forget;

	private final String leave;

	private final String lead;

	private final String resign;

	private final String list;

	JdbcNodes(Database database, Tables tables, Dialect dialect) {
		this.database = database;
		this.upsert = dialect.upsertNode(tables);
		this.forget = "delete from " + tables.nodes() + " where node_id <> ? and seen_at < " + dialect.nowPlusMillis();
		this.leave = "delete from " + tables.nodes() + " where node_id = ?";
		this.lead = dialect.upsertLeader(tables);
		this.resign = "delete from " + tables.leaders() + " where node_id = ?";
		this.list = "select node_id, started_at, seen_at, subscriptions from " + tables.nodes()
				+ " where alive_until >= " + dialect.now() + " order by node_id";
	}

	@Override
	public List<NodeRecord> heartbeat(String node, Set<String> subscriptions, Duration timeToLive) {
		return this.database.autocommit("send a heartbeat", (connection) -> {
			// one that was forgotten starts anew, even if nobody else was there to forget
			// it
			Sql.update(connection, this.leave + " and seen_at < " + this.forget.split("seen_at < ")[1], node,
					-10 * timeToLive.toMillis());
			Sql.update(connection, this.upsert, node, timeToLive.toMillis(),
					String.join("\n", new TreeSet<>(subscriptions)));
			Sql.update(connection, this.forget, node, -10 * timeToLive.toMillis());
			return list(connection);
		});
	}

	@Override
	public void leave(String node) {
		this.database.autocommit("leave",
				(connection) -> Sql.update(connection, this.leave, node) + Sql.update(connection, this.resign, node));
	}

	@Override
	public boolean lead(String task, String node, Duration duration) {
		return this.database.autocommit("lead a task",
				(connection) -> Sql.update(connection, this.lead, task, node, duration.toMillis())) > 0;
	}

	@Override
	public List<NodeRecord> list() {
		return this.database.autocommit("read nodes", this::list);
	}

	private List<NodeRecord> list(Connection connection) throws SQLException {
		return Sql.query(connection, this.list, (rows) -> {
			String subscriptions = rows.getString("subscriptions");
			return new NodeRecord(rows.getString("node_id"), Sql.instant(rows, "started_at"),
					Sql.instant(rows, "seen_at"),
					subscriptions.isEmpty() ? Set.of() : Set.of(subscriptions.split("\n")));
		});
	}

}
