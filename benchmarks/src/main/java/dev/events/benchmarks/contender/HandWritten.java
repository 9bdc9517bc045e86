package dev.events.benchmarks.contender;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * The least that one would write by hand: a table, an insert, and a poller that takes 500
 * rows, handles them, deletes them and commits.
 */
final class HandWritten implements Entrant {

	private static final int PAGE = 500;

	private static final long POLL_NANOS = 20_000_000;

	@Override
	public String name() {
		return "hand-written";
	}

	@Override
	public Set<Ability> abilities() {
		return EnumSet.of(Ability.DELIVERY, Ability.BOTH_AT_ONCE, Ability.SUBSCRIBERS, Ability.OTHER_NODE);
	}

	@Override
	public Contender start(Setup setup) {
		ConfigurableApplicationContext context = BootContext.start(setup, "", Map.of(), (unused) -> {
		}, Application.class);
		JdbcTemplate jdbc = context.getBean(JdbcTemplate.class);
		jdbc.execute("create table if not exists outbox (id bigint generated always as identity primary key,"
				+ " type text not null, payload text not null, created_at timestamptz not null default now())");
		Node node = new Node(context);
		if (!setup.publishesOnly()) {
			node.poller = new Poller(context, setup);
			node.poller.start();
		}
		return node;
	}

	@Configuration(proxyBeanMethods = false)
	static class Application {

		@Bean
		Publishing publishing(JdbcTemplate jdbc, JsonMapper json) {
			return new Publishing(jdbc, json);
		}

	}

	static class Publishing {

		private static final String INSERT = "insert into outbox (type, payload) values (?, ?)";

		private final JdbcTemplate jdbc;

		private final JsonMapper json;

		Publishing(JdbcTemplate jdbc, JsonMapper json) {
			this.jdbc = jdbc;
			this.json = json;
		}

		@Transactional
		public void publish(Order order) {
			this.jdbc.update(INSERT, "benchmark.order", this.json.writeValueAsString(order));
		}

		@Transactional
		public void publishAll(List<Order> orders) {
			List<Object[]> rows = new ArrayList<>(orders.size());
			for (Order order : orders) {
				rows.add(new Object[] { "benchmark.order", this.json.writeValueAsString(order) });
			}
			this.jdbc.batchUpdate(INSERT, rows);
		}

	}

	private static final class Poller extends Thread {

		private static final String CLAIM = "select id, payload from outbox order by id limit " + PAGE
				+ " for update skip locked";

		private final JdbcTemplate jdbc;

		private final TransactionTemplate transactions;

		private final JsonMapper json;

		private final Setup setup;

		private volatile boolean stopped;

		Poller(ConfigurableApplicationContext context, Setup setup) {
			super("poller");
			this.jdbc = context.getBean(JdbcTemplate.class);
			this.transactions = context.getBean(TransactionTemplate.class);
			this.json = context.getBean(JsonMapper.class);
			this.setup = setup;
		}

		@Override
		public void run() {
			while (!this.stopped) {
				Integer handled = this.transactions.execute((status) -> poll());
				if (handled != null && handled == 0) {
					LockSupport.parkNanos(POLL_NANOS);
				}
			}
		}

		private Integer poll() {
			List<Long> ids = new ArrayList<>(PAGE);
			List<Order> orders = new ArrayList<>(PAGE);
			this.jdbc.query(CLAIM, (rows) -> {
				ids.add(rows.getLong(1));
				orders.add(this.json.readValue(rows.getString(2), Order.class));
			});
			if (ids.isEmpty()) {
				return 0;
			}
			for (Order order : orders) {
				for (int i = 0; i < this.setup.subscribers(); i++) {
					this.setup.sink().accept(order);
				}
			}
			this.jdbc.update("delete from outbox where id = any(?)", (Object) ids.toArray(Long[]::new));
			return ids.size();
		}

		void end() {
			this.stopped = true;
			LockSupport.unpark(this);
			try {
				join();
			}
			catch (InterruptedException ex) {
				Thread.currentThread().interrupt();
			}
		}

	}

	private static final class Node implements Contender {

		private final ConfigurableApplicationContext context;

		private final Publishing publishing;

		private @Nullable Poller poller;

		Node(ConfigurableApplicationContext context) {
			this.context = context;
			this.publishing = context.getBean(Publishing.class);
		}

		@Override
		public void publish(Order order) {
			this.publishing.publish(order);
		}

		@Override
		public void publishAll(List<Order> orders) {
			this.publishing.publishAll(orders);
		}

		@Override
		public void close() {
			if (this.poller != null) {
				this.poller.end();
			}
			this.context.close();
		}

	}

}
