package dev.events.spring.encryption;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;

import dev.events.DataSubject;
import dev.events.DeadLetter;
import dev.events.DeadLetters.Filter;
import dev.events.Encrypted;
import dev.events.ErasedData;
import dev.events.Event;
import dev.events.EventBus;
import dev.events.EventType;
import dev.events.EventUpcaster;
import dev.events.InvalidEventException;
import dev.events.StartPosition;
import dev.events.Subscriber;
import dev.events.bus.DurableEventBus;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.transaction.support.TransactionTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * Encryption from end to end: who looks into the store, or changes something in it.
 */
@Timeout(120)
@ExtendWith(OutputCaptureExtension.class)
abstract class EncryptionScenarios {

	private static final String OLD_KEY = Base64.getEncoder()
		.encodeToString("old-key.".repeat(4).getBytes(StandardCharsets.UTF_8));

	private static final String NEW_KEY = Base64.getEncoder()
		.encodeToString("new-key.".repeat(4).getBytes(StandardCharsets.UTF_8));

	/** A runner on an empty store, the same one each time. */
	abstract ApplicationContextRunner runner();

	/** Everything that the store holds, as text. */
	abstract String contents(AssertableApplicationContext context);

	final ApplicationContextRunner encrypted() {
		return runner().withPropertyValues("events.encryption.keys.old=" + OLD_KEY, "events.encryption.active-key=old",
				"events.encryption.subject-key-cache=0s", "events.delivery.poll-interval=50ms",
				"events.retry.initial-delay=10ms", "events.retry.max-attempts=2", "events.delivery.lease-duration=2s");
	}

	static Subscriber.Builder<Object> all(String id) {
		return Subscriber.to("**").id(id).startAt(StartPosition.BEGINNING);
	}

	static DeadLetter deadLetter(EventBus bus) {
		await().until(() -> bus.deadLetters().count(Filter.all()) == 1);
		return bus.deadLetters().list(Filter.all(), 1, null).deadLetters().get(0);
	}

	/** Leaves something in every place where the store keeps events. */
	private void fillEverything(EventBus bus, AtomicBoolean broken) {
		bus.subscribe(all("audit").handler((event) -> {
			if (broken.get()) {
				throw new IllegalStateException("cannot write to " + event.data());
			}
		}));
		bus.publishIn(Duration.ofHours(1), new Registered("u-1", "ada@example.org"));
		bus.publish(new Registered("u-2", "ada@example.org"));
		bus.publishAsync(new Registered("u-1", "ada@example.org")).join();
		await().until(() -> bus.deadLetters().count(Filter.all()) == 3);
		DeadLetter letter = bus.deadLetters().list(Filter.all(), 1, null).deadLetters().get(0);
		bus.deadLetters().retry(letter.id(), Map.of("userId", "u-1", "email", "new@example.org"));
		await().until(() -> bus.deadLetters()
			.find(letter.id())
			.filter((again) -> again.lastFailedAt().isAfter(letter.lastFailedAt()))
			.isPresent());
	}

	@Test
	void nothingThatIsEncryptedIsInTheStoreOrTheLogInPlainText(CapturedOutput output) {
		encrypted().run((context) -> {
			EventBus bus = context.getBean(EventBus.class);
			AtomicBoolean broken = new AtomicBoolean(true);
			List<String> received = new CopyOnWriteArrayList<>();
			bus.publish(new Registered("u-1", "ada@example.org"));
			fillEverything(bus, broken);
			String contents = contents(context);
			assertThat(contents).contains("user.joined", "$encrypted", "IllegalStateException")
				.doesNotContain("ada@", "new@");
			assertThat(output.getAll()).doesNotContain("ada@example.org", "new@example.org");
			broken.set(false);
			bus.subscribe(all("later").handler((event) -> received.add(event.data().toString())));
			await().until(() -> received.size() == 3);
			assertThat(received).allMatch((data) -> data.contains("ada@example.org"));
		});
	}

	@Test
	void whatIsNotEncryptedWouldBeSeen() {
		encrypted().run((context) -> {
			EventBus bus = context.getBean(EventBus.class);
			bus.publish(Event.of("plain", Map.of("email", "ada@example.org")));
			assertThat(contents(context)).contains("ada@example.org");
		});
	}

	@Test
	void keysAreRotatedAndOldEventsAreStillReadAndUpcastedAndReplayed() {
		encrypted().run((context) -> {
			context.getBean(EventBus.class).publish(new Registered("u-1", "ada@example.org"));
			context.getBean(EventBus.class).publish(new Note("remember"));
		});
		encrypted().withPropertyValues("events.encryption.keys.new=" + NEW_KEY, "events.encryption.active-key=new")
			.withBean(EventUpcaster.class,
					() -> EventUpcaster.of("user.joined", "1.0.0", "2.0.0",
							(data) -> data.put("mail", data.remove("email").asString())))
			.run((context) -> {
				EventBus bus = context.getBean(EventBus.class);
				bus.publish(new Note("again"));
				List<String> received = new CopyOnWriteArrayList<>();
				bus.subscribe(all("audit").partitions(1).handler((event) -> received.add(event.data().toString())));
				await().until(() -> received.size() == 3);
				assertThat(received.get(0)).contains("mail=ada@example.org").doesNotContain("email");
				assertThat(received.get(1)).contains("remember");
				assertThat(received.get(2)).contains("again");
				assertThat(contents(context)).contains("\"kid\":\"old\"", "\"kid\":\"new\"");
				if (replays()) {
					bus.replay().subscriber("audit").start().await(Duration.ofSeconds(30));
					assertThat(received).hasSize(6);
				}
			});
	}

	/** Whether the store can replay. */
	boolean replays() {
		return true;
	}

	@Test
	void aMissingKeyIsTheReasonOfTheDeadLetter() {
		encrypted().run((context) -> context.getBean(EventBus.class).publish(new Note("remember")));
		encrypted()
			.withPropertyValues("events.encryption.keys.new=" + NEW_KEY, "events.encryption.keys.old=" + NEW_KEY,
					"events.encryption.active-key=new")
			.run((context) -> {
				EventBus bus = context.getBean(EventBus.class);
				bus.subscribe(all("audit").handler((event) -> {
				}));
				assertThat(deadLetter(bus).errorMessage()).contains("key 'old' is not the one");
				assertThat(deadLetter(bus).attempts()).isEqualTo(1);
			});
	}

	@Test
	void forgettingIsUndoneByARollbackAndReachesEveryNode() {
		encrypted().run((context) -> {
			EventBus bus = context.getBean(EventBus.class);
			TransactionTemplate transaction = context.getBean(TransactionTemplate.class);
			bus.publish(new Registered("u-1", "ada@example.org"));
			transaction.executeWithoutResult((status) -> {
				bus.dataSubjects().forget("u-1");
				status.setRollbackOnly();
			});
			assertThat(bus.dataSubjects().isForgotten("u-1")).isFalse();
			transaction.executeWithoutResult((status) -> assertThatExceptionOfType(InvalidEventException.class)
				.isThrownBy(() -> bus.dataSubjects().forget(" ")));
			assertThat(bus.query().list(1).get(0).data().toString()).contains("ada@example.org");
			encrypted().run((other) -> {
				EventBus otherBus = other.getBean(EventBus.class);
				assertThat(otherBus.query().list(1).get(0).data().toString()).contains("ada@example.org");
				transaction.executeWithoutResult((status) -> bus.dataSubjects().forget("u-1"));
				assertThat(bus.dataSubjects().isForgotten("u-1")).isTrue();
				for (EventBus node : List.of(bus, otherBus)) {
					assertThat(node.query().list(1)).extracting(Event::data).containsExactly(ErasedData.INSTANCE);
				}
				otherBus.subscribe(all("audit").handler((event) -> {
				}));
				await().until(() -> bus.stats().erased() + otherBus.stats().erased() == 1);
				assertThat(contents(context)).doesNotContain("\"kid\":\"old\"");
			});
		});
	}

	@Test
	void manyNewSubjectsInTransactionsAtOnceGetOneKeyEach() throws Exception {
		encrypted().run((context) -> {
			DurableEventBus bus = context.getBean(DurableEventBus.class);
			TransactionTemplate transaction = context.getBean(TransactionTemplate.class);
			List<Thread> threads = new CopyOnWriteArrayList<>();
			for (int i = 0; i < 8; i++) {
				Thread thread = new Thread(() -> {
					for (int n = 0; n < 20; n++) {
						int subject = n;
						transaction.executeWithoutResult(
								(status) -> bus.publish(new Registered("u-" + subject, "ada@example.org")));
					}
				});
				thread.start();
				threads.add(thread);
			}
			for (Thread thread : threads) {
				thread.join();
			}
			assertThat(bus.query().stream(Registered.class)).hasSize(160)
				.allMatch((event) -> event.data().email().equals("ada@example.org"));
		});
	}

	@EventType("user.joined")
	record Registered(@DataSubject String userId, @Encrypted String email) {

	}

	@Encrypted
	@EventType("note.taken")
	record Note(String text) {

	}

}
