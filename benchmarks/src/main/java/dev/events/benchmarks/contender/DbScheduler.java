package dev.events.benchmarks.contender;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import javax.sql.DataSource;

import com.github.kagkarlsson.scheduler.Scheduler;
import com.github.kagkarlsson.scheduler.SchedulerClient;
import com.github.kagkarlsson.scheduler.serializer.Serializer;
import com.github.kagkarlsson.scheduler.task.Task;
import com.github.kagkarlsson.scheduler.task.TaskInstance;
import com.github.kagkarlsson.scheduler.task.helper.OneTimeTask;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.TransactionAwareDataSourceProxy;

/**
 * db-scheduler with a one-time task for each event and subscriber, as its documentation
 * recommends for throughput: lock-and-fetch with the limits of its benchmark, immediate
 * execution, batches scheduled as batches. Data is JSON.
 */
final class DbScheduler implements Entrant {

	private static final String TABLE = """
			create table if not exists scheduled_tasks (
				task_name text not null, task_instance text not null, task_data bytea,
				execution_time timestamptz not null, picked boolean not null, picked_by text,
				last_success timestamptz, last_failure timestamptz, consecutive_failures int,
				last_heartbeat timestamptz, version bigint not null, priority smallint,
				primary key (task_name, task_instance));
			create index if not exists execution_time_idx on scheduled_tasks (execution_time);
			create index if not exists last_heartbeat_idx on scheduled_tasks (last_heartbeat);
			create index if not exists priority_execution_time_idx on scheduled_tasks
				(priority desc, execution_time asc);
			""";

	@Override
	public String name() {
		return "db-scheduler";
	}

	@Override
	public Set<Ability> abilities() {
		return EnumSet.of(Ability.DELIVERY, Ability.BOTH_AT_ONCE, Ability.SUBSCRIBERS, Ability.OTHER_NODE);
	}

	@Override
	public Contender start(Setup setup) {
		return new Node(BootContext.start(setup, "com.github.kagkarlsson.", Map.of(),
				(context) -> addBeans(context, setup), Application.class), setup);
	}

	private static void addBeans(GenericApplicationContext context, Setup setup) {
		context.registerBean(Scheduler.class, () -> scheduler(context, setup));
		context.registerBean(Publishing.class, () -> {
			SchedulerClient client = context.getBean(Scheduler.class);
			return new Publishing((orders) -> schedule(client, setup, orders));
		});
	}

	private static void schedule(SchedulerClient client, Setup setup, List<Order> orders) {
		List<TaskInstance<?>> instances = new ArrayList<>(orders.size() * setup.subscribers());
		for (Order order : orders) {
			for (int i = 0; i < setup.subscribers(); i++) {
				instances.add(new TaskInstance<>("order-" + i, order.id(), order));
			}
		}
		Instant now = Instant.now();
		if (instances.size() == 1) {
			client.scheduleIfNotExists(instances.get(0), now);
		}
		else {
			client.scheduleBatch(instances, now);
		}
	}

	private static Scheduler scheduler(GenericApplicationContext context, Setup setup) {
		List<Task<?>> tasks = new ArrayList<>();
		for (int i = 0; i < setup.subscribers(); i++) {
			OneTimeTask<Order> task = Tasks.oneTime("order-" + i, Order.class)
				.execute((instance, execution) -> setup.sink().accept(instance.getData()));
			tasks.add(task);
		}
		DataSource dataSource = new TransactionAwareDataSourceProxy(context.getBean(DataSource.class));
		return Scheduler.create(dataSource, tasks)
			.serializer(new JsonSerializer())
			.threads(10)
			.pollUsingLockAndFetch(0.5, 4)
			.pollingInterval(Duration.ofMillis(20))
			.enableImmediateExecution()
			.commitWhenAutocommitDisabled(false)
			.build();
	}

	@Configuration(proxyBeanMethods = false)
	static class Application {

	}

	private static final class JsonSerializer implements Serializer {

		private final JsonMapper json = JsonMapper.shared();

		@Override
		public byte[] serialize(Object data) {
			return this.json.writeValueAsString(data).getBytes(StandardCharsets.UTF_8);
		}

		@Override
		public <T> T deserialize(Class<T> type, byte[] data) {
			return this.json.readValue(data, type);
		}

	}

	private static final class Node extends SpringNode {

		private final Scheduler scheduler;

		Node(ConfigurableApplicationContext context, Setup setup) {
			super(context);
			context.getBean(JdbcTemplate.class).execute(TABLE);
			this.scheduler = context.getBean(Scheduler.class);
			if (!setup.publishesOnly()) {
				this.scheduler.start();
			}
		}

		@Override
		public void close() {
			this.scheduler.stop();
			super.close();
		}

	}

}
