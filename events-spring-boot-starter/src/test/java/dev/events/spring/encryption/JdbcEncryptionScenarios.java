package dev.events.spring.encryption;

import java.nio.charset.StandardCharsets;
import java.util.Map;

import dev.events.DeadLetter;
import dev.events.EncryptedEventException;
import dev.events.Event;
import dev.events.EventBus;
import dev.events.spring.EventsContext;
import org.junit.jupiter.api.Test;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.DataSourceTransactionManagerAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.JdbcTemplateAutoConfiguration;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.transaction.autoconfigure.TransactionAutoConfiguration;
import org.springframework.jdbc.core.JdbcTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Encryption in tables.
 */
abstract class JdbcEncryptionScenarios extends EncryptionScenarios {

	private final String[] database = database();

	/** Properties of a data source with an empty database. */
	abstract String[] database();

	@Override
	ApplicationContextRunner runner() {
		return EventsContext.plain()
			.withConfiguration(AutoConfigurations.of(DataSourceAutoConfiguration.class,
					DataSourceTransactionManagerAutoConfiguration.class, TransactionAutoConfiguration.class,
					JdbcTemplateAutoConfiguration.class))
			.withPropertyValues(this.database);
	}

	@Override
	String contents(AssertableApplicationContext context) {
		JdbcTemplate jdbc = context.getBean(JdbcTemplate.class);
		StringBuilder contents = new StringBuilder();
		for (String table : new String[] { "event_store", "event_schedule", "event_deliveries", "event_subject_keys",
				"event_subscriptions", "event_cursors" }) {
			for (Map<String, Object> row : jdbc.queryForList("select * from " + table)) {
				row.values().forEach((value) -> contents.append(text(value)).append('\n'));
			}
		}
		return contents.toString();
	}

	private static String text(Object value) {
		return (value instanceof byte[] bytes) ? new String(bytes, StandardCharsets.UTF_8) : String.valueOf(value);
	}

	@Test
	void aRowThatWasChangedBecomesADeadLetterWithTheReasonAndStopsNobody() {
		encrypted().run((context) -> {
			EventBus bus = context.getBean(EventBus.class);
			JdbcTemplate jdbc = context.getBean(JdbcTemplate.class);
			bus.publish(new Note("one"));
			bus.publish(new Note("two"));
			jdbc.update("update event_store set data = (select data from event_store where position = 2)"
					+ " where position = 1");
			bus.subscribe(all("audit").handler((event) -> {
			}));
			DeadLetter letter = deadLetter(bus);
			assertThat(letter.errorType()).isEqualTo(EncryptedEventException.class.getName());
			assertThat(letter.errorMessage()).contains("data or envelope were changed after it was stored");
			assertThat(letter.attempts()).isEqualTo(1);
			await().until(() -> bus.stats().delivered() == 1);
		});
	}

	@Test
	void aMarkThatWasTakenAwayIsNoticed() {
		encrypted().withPropertyValues("events.encryption.types[card.*].enabled=true").run((context) -> {
			EventBus bus = context.getBean(EventBus.class);
			bus.publish(Event.of("card.used", Map.of("number", "4711")));
			takeAwayTheMark(context.getBean(JdbcTemplate.class));
			bus.subscribe(all("audit").handler((event) -> {
			}));
			assertThat(deadLetter(bus).errorMessage()).contains("looks encrypted, but its metadata does not say so");
		});
	}

	void takeAwayTheMark(JdbcTemplate jdbc) {
		jdbc.update("update event_store set metadata = '{}'");
	}

}
