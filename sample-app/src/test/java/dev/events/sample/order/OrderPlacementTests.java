package dev.events.sample.order;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import java.util.UUID;

import dev.events.EventStoreException;
import dev.events.spring.test.AutoConfigureTestEventBus;
import dev.events.test.StoreCall;
import dev.events.test.TestEventBus;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.jdbc.core.simple.JdbcClient;

import static dev.events.test.EventAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests of the whole application with its database, on a bus that waits for the test: all
 * plugins take part, three days pass at once.
 */
@SpringBootTest(webEnvironment = SpringBootTest.WebEnvironment.NONE,
		properties = { "spring.datasource.url=jdbc:h2:mem:placement;DB_CLOSE_DELAY=-1",
				"sample.order.reminder-after=3d" })
@AutoConfigureTestEventBus
class OrderPlacementTests {

	@Autowired
	private TestEventBus bus;

	@Autowired
	private OrderPlacement placement;

	@Autowired
	private Orders orders;

	@Autowired
	private JdbcClient jdbc;

	private final UUID user = UUID.randomUUID();

	private UUID order;

	@BeforeEach
	void registerUser() {
		this.jdbc.sql("insert into users (id, email, name) values (?, ?, 'Ada')")
			.params(this.user, this.user + "@placement.example")
			.update();
	}

	@Test
	void whoPaysIsNotReminded() {
		this.bus.given()
			.when((bus) -> place("lamp"))
			.thenPublished(OrderPlaced.class, OrderPaid.class)
			.thenScheduled()
			.then((bus) -> assertThat(status()).isEqualTo(Order.Status.PAID));

		this.bus.given().whenTimePasses(Duration.ofDays(4)).thenPublishedNothing();
	}

	@Test
	void whoDoesNotPayIsRemindedAfterThreeDays() {
		this.bus.given()
			.when((bus) -> place("broken lamp"))
			.thenPublished(OrderPlaced.class)
			.thenScheduled(OrderUnpaid.class);

		this.bus.given().whenTimePasses(Duration.ofDays(3).minusSeconds(1)).thenPublishedNothing();
		this.bus.given().whenTimePasses(Duration.ofSeconds(1)).thenPublished(OrderUnpaid.class);

		assertThat(this.bus).delivered(OrderUnpaid.class).to("reminder-mail").once();
		assertThat(this.bus).hasDeadLetter("payment").afterAttempts(4);
		assertThat(status()).isEqualTo(Order.Status.PLACED);
	}

	@Test
	void withoutTheEventThereIsNoOrder() {
		this.bus.given((bus) -> bus.failNext(StoreCall.APPEND, 1))
			.when((bus) -> place("lamp"))
			.thenThrown(EventStoreException.class)
			.thenPublishedNothing()
			.thenScheduled();

		assertThat(this.jdbc.sql("select count(*) from orders where user_id = ?")
			.param(this.user)
			.query(Integer.class)
			.single()).isZero();
	}

	private void place(String item) {
		this.order = this.placement.place(this.user, new BigDecimal("12.50"), List.of(item)).id();
	}

	private Order.Status status() {
		return this.orders.find(this.order).orElseThrow().status();
	}

}
