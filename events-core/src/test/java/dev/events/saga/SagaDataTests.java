package dev.events.saga;

import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.LongStream;

import dev.events.SagaInfo.Failure;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.JsonNodeFactory;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What is kept of a saga.
 */
class SagaDataTests {

	private static final String EARLIER = """
			{"id":"00000000-0000-0000-0000-000000000001","correlationId":"c","state":{"a":1.50},"metadata":{},
			"steps":["placed"],"handled":["00000000-0000-0000-0000-000000000001",
			"00000000-0000-0000-0000-000000000002"],"reason":null,"failure":%s}""";

	@Test
	void readsWhatAnEarlierVersionHasWritten() {
		SagaData data = SagaData.read(EARLIER.formatted("null"));
		assertThat(data.failures()).isEmpty();
		assertThat(data.positions()).isEmpty();
		assertThat(data.organization()).isNull();
		assertThat(data.withoutPosition()).containsExactly(id(1), id(2));
		assertThat(SagaData.read(EARLIER.formatted("""
				{"eventId":"00000000-0000-0000-0000-000000000003","eventType":"paid","error":"E","message":"",
				"attempts":2}""")).failures()).containsExactly(new Failure(id(3), "paid", "E", "", 2));
	}

	@Test
	void isReadAsItWasWritten() {
		SagaData data = data().withHandled(id(1), 7)
			.withStep("placed")
			.withFailure(failure(2))
			.withFailure(failure(3))
			.withReason("why");
		assertThat(SagaData.read(data.write())).isEqualTo(data);
	}

	@Test
	void remembersTheFirstEventAndTheNewest() {
		SagaData data = data();
		for (int i = 1; i <= SagaData.MAX_HANDLED + 5; i++) {
			data = data.withHandled(id(i), 10L * i);
		}
		assertThat(data.handled()).hasSize(SagaData.MAX_HANDLED).startsWith(id(1), id(7)).endsWith(id(1005));
		assertThat(data.positions()).hasSize(SagaData.MAX_HANDLED).startsWith(10L, 70L).endsWith(10050L);
		assertThat(data.withoutPosition()).isEmpty();
	}

	@Test
	void remembersPositionsOfTheNewestWhereTheOthersHaveNone() {
		List<UUID> handled = LongStream.rangeClosed(1, SagaData.MAX_HANDLED - 2).mapToObj(SagaDataTests::id).toList();
		SagaData data = new SagaData(id(1), "c", null, JsonNodeFactory.instance.objectNode(), Map.of(), List.of(),
				handled, List.of(), null, List.of());
		for (int i = SagaData.MAX_HANDLED - 1; i <= SagaData.MAX_HANDLED + 5; i++) {
			data = data.withHandled(id(i), 10L * i);
		}
		assertThat(data.handled()).hasSize(SagaData.MAX_HANDLED).startsWith(id(1), id(7));
		assertThat(data.positions()).startsWith(9990L).hasSize(7);
		assertThat(data.withoutPosition()).startsWith(id(1), id(7)).endsWith(id(998)).hasSize(993);
		for (int i = SagaData.MAX_HANDLED + 6; i <= 3 * SagaData.MAX_HANDLED; i++) {
			data = data.withHandled(id(i), 10L * i);
		}
		assertThat(data.withoutPosition()).containsExactly(id(1));
		assertThat(data.positions()).hasSize(SagaData.MAX_HANDLED - 1).endsWith(30000L);
	}

	@Test
	void newestFailureOfAnEventCounts() {
		SagaData data = data().withFailure(failure(1)).withFailure(failure(2)).withFailure(failure(1));
		assertThat(data.failures()).containsExactly(failure(2), failure(1));
		assertThat(data.failure()).isEqualTo(failure(1));
		assertThat(data.withHandled(id(1), 1).failures()).containsExactly(failure(2));
		Failure timeout = new Failure(null, null, "E", "", 1);
		assertThat(data.withFailure(timeout).timeout()).isEqualTo(timeout);
		assertThat(data.withFailure(timeout).withoutTimeout().failures()).isEqualTo(data.failures());
		for (int i = 10; i < 200; i++) {
			data = data.withFailure(failure(i));
		}
		assertThat(data.failures()).hasSize(SagaData.MAX_FAILURES).endsWith(failure(199));
	}

	private static SagaData data() {
		return SagaData.of(id(1), "c", "acme", JsonNodeFactory.instance.objectNode().put("a", "b"), Map.of());
	}

	private static Failure failure(long event) {
		return new Failure(id(event), "paid", "E", "", 1);
	}

	private static UUID id(long number) {
		return new UUID(0, number);
	}

}
