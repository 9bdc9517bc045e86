package dev.events.spring.test.shop;

import java.time.Duration;

import dev.events.EventStoreException;
import dev.events.spring.test.AutoConfigureTestEventBus;
import dev.events.test.StoreCall;
import dev.events.test.TestEventBus;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.test.jdbc.JdbcTestUtils;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.transaction.support.TransactionTemplate;

import static dev.events.test.EventAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests of {@link AutoConfigureTestEventBus} in an application whose events are in its
 * database otherwise.
 */
@SpringBootTest
@AutoConfigureTestEventBus
class WholeApplicationTests {

	@Autowired
	private TestEventBus bus;

	@Autowired
	private Orders orders;

	@Autowired
	private JdbcClient jdbc;

	@Autowired
	private TransactionTemplate transaction;

	@BeforeEach
	void emptyTables() {
		JdbcTestUtils.deleteFromTables(this.jdbc, "placed", "booked");
	}

	@Test
	void whatIsCommittedIsDelivered() {
		this.orders.place("1", 10);
		assertThat(this.bus).published(OrderPlaced.class).once();

		this.bus.processAll();

		assertThat(this.bus).delivered(OrderPaid.class).to("ledger").once();
		assertThat(rows("booked")).isEqualTo(1);
	}

	@Test
	void whatIsRolledBackWasNeverPublished() {
		this.transaction.executeWithoutResult((status) -> {
			this.orders.place("1", 10);
			status.setRollbackOnly();
		});

		this.bus.advance(Duration.ofDays(4));

		assertThat(this.bus).hasNotPublished("**").delivered("**").notTo("billing");
	}

	@Test
	void whatIsNotCommittedYetIsNotDelivered() {
		this.transaction.executeWithoutResult((status) -> {
			this.orders.place("1", 10);
			this.bus.processAll();
			assertThat(this.bus).delivered(OrderPlaced.class).notTo("billing");
		});

		this.bus.processAll();

		assertThat(this.bus).delivered(OrderPlaced.class).to("billing").once();
	}

	@Test
	void aSavepointIsRolledBackAlone() {
		this.transaction.executeWithoutResult((status) -> {
			this.bus.publish(new OrderPlaced("1", 10));
			Object savepoint = status.createSavepoint();
			this.bus.publish(new OrderPlaced("2", 10));
			status.rollbackToSavepoint(savepoint);
			this.bus.publish(new OrderPlaced("3", 10));
		});

		assertThat(this.bus).published(OrderPlaced.class).inOrder(new OrderPlaced("1", 10), new OrderPlaced("3", 10));
	}

	@Test
	void whenTheEventCannotBeStoredThereIsNoOrderEither() {
		this.bus.failNext(StoreCall.APPEND, 1);

		assertThatExceptionOfType(EventStoreException.class).isThrownBy(() -> this.orders.place("1", 10));

		assertThat(rows("placed")).isZero();
		this.orders.place("1", 10);
		assertThat(this.bus).published(OrderPlaced.class).once();
	}

	@Test
	void aTransactionalSubscriberLeavesNothingBehindWhenItFails() {
		this.bus.publish(new OrderPaid("broken"));

		this.bus.advance(Duration.ofDays(1));

		assertThat(this.bus).delivered(OrderPaid.class).to("ledger").never().failed(3);
		assertThat(this.bus).hasNotPublished(OrderBooked.class);
		assertThat(rows("booked")).isZero();
	}

	@Test
	void aTransactionalSubscriberHasEachEffectOnceThoughTheStoreFails() {
		this.bus.failNext(StoreCall.CHECKPOINT, 1);
		this.bus.publish(new OrderPaid("1"));

		this.bus.advance(Duration.ofDays(1));

		assertThat(rows("booked")).isEqualTo(1);
		assertThat(this.bus).published(OrderBooked.class).once();
	}

	@Test
	void whatWaitsForItsTimeIsCancelledWithTheCommit() {
		this.orders.place("1", 10);
		assertThatIllegalArgumentException().isThrownBy(() -> this.orders.cancel("1", false));
		assertThat(this.bus).hasScheduled(OrderOverdue.class);

		this.orders.cancel("1", true);
		this.bus.advance(Duration.ofDays(4));

		assertThat(this.bus).hasNotPublished(OrderOverdue.class);
	}

	@Test
	void whatIsScheduledAndCancelledInOneTransactionNeverComes() {
		this.transaction.executeWithoutResult((status) -> {
			this.orders.place("1", 10);
			this.orders.cancel("1", true);
		});

		this.bus.advance(Duration.ofDays(4));

		assertThat(this.bus).published(OrderPlaced.class).once();
		assertThat(this.bus).hasNotPublished(OrderOverdue.class);
	}

	@Test
	void anIdIsStoredOnce() {
		this.transaction.executeWithoutResult((status) -> {
			this.bus.publishIn(Duration.ofDays(1), overdue());
			this.bus.publishIn(Duration.ofDays(2), overdue());
		});
		this.bus.advance(Duration.ofDays(3));
		this.transaction.executeWithoutResult((status) -> {
			this.bus.publish(overdue());
			this.bus.publishIn(Duration.ofDays(1), overdue());
		});
		this.bus.advance(Duration.ofDays(3));

		assertThat(this.bus).published(OrderOverdue.class).once();
	}

	private static dev.events.Event<OrderOverdue> overdue() {
		return dev.events.Event.of(new OrderOverdue("1")).withId(Orders.overdueId("1"));
	}

	@Test
	@Transactional
	void aTestThatDoesNotCommitGetsNothingDelivered() {
		this.orders.place("1", 10);

		this.bus.processAll();

		assertThat(this.bus).hasNotPublished("**");
	}

	private int rows(String table) {
		return JdbcTestUtils.countRowsInTable(this.jdbc, table);
	}

}
