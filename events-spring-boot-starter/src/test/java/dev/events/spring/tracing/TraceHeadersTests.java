package dev.events.spring.tracing;

import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

class TraceHeadersTests {

	private static final String VALID = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

	@Test
	void takesTheTwoHeadersAndNothingElse() {
		Map<String, String> both = Map.of("traceparent", VALID, "tracestate", "vendor=1", "baggage", "secret=1");
		assertThat(TraceHeaders.of(both::get)).isEqualTo(Map.of("traceparent", VALID, "tracestate", "vendor=1"));
		assertThat(TraceHeaders.of(Map.of("traceparent", VALID)::get)).isEqualTo(Map.of("traceparent", VALID));
		// a newer version of the format
		assertThat(TraceHeaders.of(Map.of("traceparent", VALID.replaceFirst("00", "01") + "-x")::get)).hasSize(1);
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "00-1-2-03", "ff-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
			"00-00000000000000000000000000000000-b7ad6b7169203331-01",
			"00-0af7651916cd43dd8448eb211c80319c-0000000000000000-01",
			"00-0AF7651916CD43DD8448EB211C80319C-b7ad6b7169203331-01", VALID + "\n", " " + VALID })
	void whatIsNoTraceparentIsLeftOut(String traceparent) {
		assertThat(TraceHeaders.of(Map.of("traceparent", traceparent, "tracestate", "vendor=1")::get)).isEmpty();
	}

	@ParameterizedTest
	@ValueSource(strings = { "vendor=\n1", "vendor=\0" })
	void aTracestateThatNobodyCouldSendIsLeftOut(String tracestate) {
		assertThat(TraceHeaders.of(Map.of("traceparent", VALID, "tracestate", tracestate)::get)).hasSize(1);
		assertThat(TraceHeaders.of(Map.of("traceparent", VALID, "tracestate", "v=" + "1".repeat(511))::get)).hasSize(1);
	}

}
