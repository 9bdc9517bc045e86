package dev.events.sample;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import tools.jackson.databind.JsonNode;

import static dev.events.sample.SampleClient.eventually;
import static dev.events.sample.SampleClient.eventuallyOrAlready;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * The application in a JVM of its own, killed in the middle. What holds on every
 * database.
 */
@Execution(ExecutionMode.CONCURRENT)
abstract class CrashContract {

	private static final String ONE_PARTITION = "--events.subscribers.welcome-mail.partitions=1";

	@TempDir
	private Path directory;

	@Test
	void whatWasCommittedBeforeTheKillIsDeliveredAfterTheRestartInOrder() throws Exception {
		List<String> addresses = IntStream.range(0, 30).mapToObj((i) -> "user" + i + "@crash.example").toList();

		try (SampleProcess slow = start(ONE_PARTITION, "--sample.mail.latency=1h")) {
			addresses.forEach((address) -> slow.client().register(address, "Somebody"));
			assertThat(slow.client().values("/mails", "recipient")).isEmpty();
			slow.kill();
		}

		try (SampleProcess again = start(ONE_PARTITION)) {
			eventually(() -> assertThat(again.client().values("/mails", "recipient")).isEqualTo(addresses));
		}
	}

	@Test
	void killedUnderLoadNoAnsweredUserLosesAnythingAndNoEventIsWithoutItsUser() throws Exception {
		List<UUID> answered = Collections.synchronizedList(new ArrayList<>());
		try (SampleProcess busy = start()) {
			registerUntilItFails(busy.client(), answered);
			eventually(() -> assertThat(answered).hasSizeGreaterThan(200));
			busy.kill();
		}
		List<UUID> users = List.copyOf(answered);

		try (SampleProcess again = start()) {
			SampleClient client = again.client();
			JsonNode events = client.json("/actuator/events/user.registered?limit=1000").path("events");
			List<String> registered = events.valueStream().map((event) -> event.path("key").asString()).toList();
			List<String> recipients = events.valueStream().map((event) -> event.at("/data/email").asString()).toList();

			assertThat(registered).containsAll(users.stream().map(UUID::toString).toList()).doesNotHaveDuplicates();
			registered.forEach((id) -> client.get("/users/" + id).expectStatus().isOk());
			eventually(() -> assertThat(client.values("/mails", "recipient"))
				.containsExactlyInAnyOrderElementsOf(recipients));
		}
	}

	/**
	 * A sold-out checkout must have its refund, whatever was killed between payment and
	 * refund, and no checkout may end twice.
	 */
	@Test
	void killedAgainAndAgainEveryCheckoutEndsOnce() throws Exception {
		Map<UUID, Integer> started = new ConcurrentHashMap<>();
		for (int round = 0; round < 2; round++) {
			try (SampleProcess busy = start()) {
				int before = ended(busy.client()).size();
				checkOutUntilItFails(busy.client(), started);
				eventually(() -> assertThat(ended(busy.client())).hasSizeGreaterThan(before + 15));
				busy.kill();
			}
		}
		try (SampleProcess again = start()) {
			assertCheckouts(again.client(), started);
		}
	}

	/** Those of which we know that they have begun, and perhaps others. */
	static void assertCheckouts(SampleClient client, Map<UUID, Integer> started) {
		assertThat(started).isNotEmpty();
		started.forEach((id, number) -> {
			boolean missing = number % 3 == 0;
			eventuallyOrAlready(() -> {
				JsonNode checkout = client.json("/checkouts/" + id);
				assertThat(checkout.path("ledger").valueStream().map(JsonNode::asString))
					.containsExactlyInAnyOrder("PAYMENT", missing ? "REFUND" : "RESERVATION");
				assertThat(checkout.path("status").asString()).isEqualTo(missing ? "COMPENSATED" : "COMPLETED");
			});
		});
		List<String> completed = keys(client, "checkout.completed");
		List<String> cancelled = keys(client, "checkout.cancelled");
		assertThat(completed).doesNotHaveDuplicates().doesNotContainAnyElementsOf(cancelled);
		assertThat(cancelled).doesNotHaveDuplicates();
		assertThat(keys(client, "refund.requested")).doesNotHaveDuplicates()
			.containsExactlyInAnyOrderElementsOf(cancelled);
	}

	private static List<String> ended(SampleClient client) {
		return Stream.concat(keys(client, "checkout.completed").stream(), keys(client, "checkout.cancelled").stream())
			.toList();
	}

	private static List<String> keys(SampleClient client, String type) {
		return client.json("/actuator/events/" + type + "?limit=1000")
			.path("events")
			.valueStream()
			.map((event) -> event.path("key").asString())
			.toList();
	}

	/** Every third one wants what is not there. */
	static void checkOutUntilItFails(SampleClient client, Map<UUID, Integer> started) {
		ExecutorService threads = Executors.newFixedThreadPool(2);
		for (int thread = 0; thread < 2; thread++) {
			threads.submit(() -> {
				for (int i = 0; i < 100; i++) {
					started.put(client.checkout("10.00", (i % 3 == 0) ? "rare" : "lamp"), i);
				}
			});
		}
		threads.shutdown();
	}

	/** Where the database is, as command line arguments. */
	abstract List<String> database();

	final SampleProcess start(String... arguments) throws IOException {
		return SampleProcess.start(this.directory,
				Stream.concat(database().stream(), Stream.of(arguments)).toArray(String[]::new));
	}

	private static void registerUntilItFails(SampleClient client, List<UUID> answered) {
		ExecutorService threads = Executors.newFixedThreadPool(4);
		for (int thread = 0; thread < 4; thread++) {
			String name = "thread" + thread;
			threads.submit(() -> {
				for (int i = 0; i < 250; i++) {
					answered.add(client.register(name + "-" + i + "@crash.example", name));
				}
			});
		}
		threads.shutdown();
	}

}
