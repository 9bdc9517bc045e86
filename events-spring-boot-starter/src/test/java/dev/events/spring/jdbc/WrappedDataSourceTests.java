package dev.events.spring.jdbc;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;

import javax.sql.DataSource;

import com.zaxxer.hikari.HikariDataSource;
import dev.events.Event;
import dev.events.EventBus;
import dev.events.EventStoreException;
import dev.events.jdbc.EventsSchema;
import dev.events.jdbc.JdbcEventStore;
import dev.events.jdbc.JdbcEventStoreSettings;
import dev.events.spring.EventsContext;
import dev.events.store.EventCriteria;
import dev.events.store.EventStore;
import dev.events.test.store.EventRecords;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.jdbc.autoconfigure.DataSourceTransactionManagerAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.JdbcTemplateAutoConfiguration;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.boot.transaction.autoconfigure.TransactionAutoConfiguration;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DelegatingDataSource;
import org.springframework.jdbc.datasource.LazyConnectionDataSourceProxy;
import org.springframework.jdbc.datasource.TransactionAwareDataSourceProxy;
import org.springframework.jdbc.datasource.UserCredentialsDataSourceAdapter;
import org.springframework.jdbc.datasource.lookup.AbstractRoutingDataSource;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import org.springframework.transaction.support.TransactionTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * The store and the transaction manager may know the same database by different wrappers.
 */
class WrappedDataSourceTests {

	private static final HikariDataSource POOL = pool();

	private static final HikariDataSource OTHER = pool();

	private final AtomicReference<String> route = new AtomicReference<>("main");

	private static HikariDataSource pool() {
		HikariDataSource pool = new HikariDataSource();
		pool.setJdbcUrl("jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1");
		pool.setMaximumPoolSize(3);
		new EventsSchema(pool, JdbcEventStoreSettings.DEFAULT).migrate();
		return pool;
	}

	@AfterEach
	void empty() {
		new JdbcTemplate(POOL).update("delete from event_store");
		new JdbcTemplate(OTHER).update("delete from event_store");
	}

	static Stream<Arguments> sameDatabase() {
		LazyConnectionDataSourceProxy lazy = new LazyConnectionDataSourceProxy(POOL);
		TransactionAwareDataSourceProxy aware = new TransactionAwareDataSourceProxy(POOL);
		DelegatingDataSource delegating = new DelegatingDataSource(POOL);
		return Stream.of(Arguments.of(POOL, lazy), Arguments.of(lazy, POOL), Arguments.of(lazy, lazy),
				Arguments.of(aware, POOL), Arguments.of(new TransactionAwareDataSourceProxy(lazy), POOL),
				Arguments.of(POOL, new TransactionAwareDataSourceProxy(new LazyConnectionDataSourceProxy(POOL))),
				Arguments.of(new LazyConnectionDataSourceProxy(new TransactionAwareDataSourceProxy(POOL)), POOL),
				Arguments.of(new DelegatingDataSource(aware), POOL), Arguments.of(delegating, POOL),
				Arguments.of(POOL, delegating), Arguments.of(delegating, lazy));
	}

	@ParameterizedTest(autoCloseArguments = false)
	@MethodSource("sameDatabase")
	void eventsBelongToTheTransaction(DataSource ofStore, DataSource ofTransactions) {
		EventStore store = new JdbcEventStore(ofStore, JdbcEventStoreSettings.DEFAULT);
		joins(store, ofTransactions);
	}

	private static void joins(EventStore store, DataSource ofTransactions) {
		TransactionTemplate transaction = new TransactionTemplate(new JdbcTransactionManager(ofTransactions));
		transaction.executeWithoutResult((status) -> {
			assertThat(store.isInTransaction()).isTrue();
			append(store, "rolled.back");
			status.setRollbackOnly();
		});
		assertThat(types(store)).isEmpty();
		transaction.executeWithoutResult((status) -> {
			append(store, "published");
			assertThat(types(store)).isEmpty();
			TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {

				@Override
				public void afterCommit() {
					append(store, "after.commit");
				}

			});
		});
		assertThat(types(store)).containsExactly("published", "after.commit");
	}

	@Test
	void aConnectionThatIsMerelyKeptOpenDoesNotHideTheTransaction() {
		EventStore store = new JdbcEventStore(POOL, JdbcEventStoreSettings.DEFAULT);
		new TransactionTemplate(new JdbcTransactionManager(new LazyConnectionDataSourceProxy(POOL)))
			.executeWithoutResult((status) -> {
				new JdbcTemplate(POOL).queryForObject("select 1", Integer.class);
				append(store, "published");
				status.setRollbackOnly();
			});
		assertThat(types(store)).isEmpty();
	}

	@Test
	void anotherUserIsAnotherDataSource() {
		EventStore store = new JdbcEventStore(POOL, JdbcEventStoreSettings.DEFAULT);
		UserCredentialsDataSourceAdapter other = new UserCredentialsDataSourceAdapter();
		other.setTargetDataSource(POOL);
		new TransactionTemplate(new JdbcTransactionManager(other))
			.executeWithoutResult((status) -> assertThat(store.isInTransaction()).isFalse());
	}

	@Test
	void eventsOfARoutingDataSourceAreInItsDefaultTarget() {
		Routing routing = routing(POOL);
		EventStore store = new JdbcEventStore(routing, JdbcEventStoreSettings.DEFAULT);
		this.route.set("other");
		append(store, "outside");
		assertThat(types(store)).containsExactly("outside");
		assertThat(new JdbcTemplate(POOL).queryForObject("select count(*) from event_store", Integer.class)).isOne();
	}

	@Test
	void transactionsOnTheTargetWithTheEventsAreJoined() {
		Routing routing = routing(POOL);
		EventStore store = new JdbcEventStore(routing, JdbcEventStoreSettings.DEFAULT);
		joins(store, routing);
		empty();
		joins(store, new LazyConnectionDataSourceProxy(routing));
		empty();
		joins(new JdbcEventStore(POOL, JdbcEventStoreSettings.DEFAULT), routing);
		empty();
		joins(new JdbcEventStore(new LazyConnectionDataSourceProxy(routing), JdbcEventStoreSettings.DEFAULT), POOL);
	}

	@Test
	void transactionsOnOtherTargetsAreNot() {
		Routing routing = routing(POOL);
		EventStore store = new JdbcEventStore(routing, JdbcEventStoreSettings.DEFAULT);
		this.route.set("other");
		new TransactionTemplate(new JdbcTransactionManager(routing))
			.executeWithoutResult((status) -> assertThat(store.isInTransaction()).isFalse());
	}

	@Test
	void aRoutingDataSourceNeedsADefaultTarget() {
		assertThatExceptionOfType(EventStoreException.class)
			.isThrownBy(() -> new JdbcEventStore(routing(null), JdbcEventStoreSettings.DEFAULT))
			.withMessageContaining("has no default target")
			.withMessageContaining("@EventsDataSource");
	}

	/** As an application splits reading and writing. */
	@Test
	@ExtendWith(OutputCaptureExtension.class)
	void anApplicationMayRouteAndOpenConnectionsLate(CapturedOutput output) {
		EventsContext.plain()
			.withConfiguration(AutoConfigurations.of(DataSourceTransactionManagerAutoConfiguration.class,
					JdbcTemplateAutoConfiguration.class, TransactionAutoConfiguration.class))
			.withBean("dataSource", DataSource.class, () -> new LazyConnectionDataSourceProxy(routing(POOL)))
			.run((context) -> {
				EventBus bus = context.getBean(EventBus.class);
				TransactionTemplate transaction = new TransactionTemplate(
						context.getBean(PlatformTransactionManager.class));
				transaction.executeWithoutResult((status) -> {
					bus.publish(Event.of("rolled.back", 1));
					status.setRollbackOnly();
				});
				transaction.executeWithoutResult((status) -> bus.publish(Event.of("joined", 1)));
				assertThat(bus.stats().deferred()).isZero();
				this.route.set("other");
				transaction.executeWithoutResult((status) -> bus.publish(Event.of("deferred", 1)));
				assertThat(bus.stats().deferred()).isOne();
				assertThat(types(context.getBean(EventStore.class))).containsExactly("joined", "deferred");
				assertThat(output).contains("default target of a routing data source");
			});
	}

	@Test
	void explainsThatThereIsNoDefaultTarget() {
		EventsContext.plain().withBean("dataSource", DataSource.class, () -> routing(null)).run((context) -> {
			FailureAnalysis analysis = EventsContext.analysis(context);
			assertThat(analysis.getDescription()).contains("has no default target").contains("@EventsDataSource");
		});
	}

	private static void append(EventStore store, String type) {
		store.log().append(List.of(EventRecords.event(type, null)));
	}

	private static List<String> types(EventStore store) {
		return store.log().query(EventCriteria.ALL, 10).stream().map((stored) -> stored.event().type()).toList();
	}

	private Routing routing(@Nullable DataSource defaultTarget) {
		Routing routing = new Routing(this.route);
		routing.setTargetDataSources(new HashMap<>(Map.of("main", POOL, "other", OTHER)));
		if (defaultTarget != null) {
			routing.setDefaultTargetDataSource(defaultTarget);
		}
		routing.afterPropertiesSet();
		return routing;
	}

	private static final class Routing extends AbstractRoutingDataSource {

		private final AtomicReference<String> route;

		Routing(AtomicReference<String> route) {
			this.route = route;
		}

		@Override
		protected Object determineCurrentLookupKey() {
			return this.route.get();
		}

	}

}
