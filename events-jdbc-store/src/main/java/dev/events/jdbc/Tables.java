package dev.events.jdbc;

import org.jspecify.annotations.Nullable;

/**
 * Qualified names of the tables. Only ever made of validated settings, so that they may
 * stand in SQL text.
 */
record Tables(@Nullable String schema, String prefix) {

	static Tables of(JdbcEventStoreSettings settings) {
		return new Tables(settings.schema(), settings.tablePrefix());
	}

	String store() {
		return name("event_store");
	}

	String sequence() {
		return name("event_store_position_seq");
	}

	String schedule() {
		return name("event_schedule");
	}

	String subscriptions() {
		return name("event_subscriptions");
	}

	String epochs() {
		return name("event_epochs");
	}

	String cursors() {
		return name("event_cursors");
	}

	String deliveries() {
		return name("event_deliveries");
	}

	String replays() {
		return name("event_replays");
	}

	String replayProgress() {
		return name("event_replay_progress");
	}

	String nodes() {
		return name("event_nodes");
	}

	String schemas() {
		return name("event_schemas");
	}

	String subjectKeys() {
		return name("event_subject_keys");
	}

	String processes() {
		return name("event_processes");
	}

	String leaders() {
		return name("event_leaders");
	}

	/** Name of a table without its schema. */
	String plain(String table) {
		return this.prefix + table;
	}

	private String name(String table) {
		return ((this.schema != null) ? this.schema + "." : "") + this.prefix + table;
	}

}
