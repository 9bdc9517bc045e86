package dev.events.torture;

import java.io.IOException;
import java.util.function.Function;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The torture test. How to run it for longer is in CONTRIBUTING.md.
 */
class TortureTests {

	@Test
	void onPostgres() throws IOException {
		assertNothingIsLostInventedReorderedOrRepeatedWithoutReason(TortureRun::onPostgres);
	}

	@Test
	void onRedis() throws IOException {
		assertNothingIsLostInventedReorderedOrRepeatedWithoutReason(TortureRun::onRedis);
	}

	private static void assertNothingIsLostInventedReorderedOrRepeatedWithoutReason(
			Function<TortureSettings, TortureRun> store) throws IOException {
		assertThat(store.apply(TortureSettings.fromSystemProperties()).run().isGood()).isTrue();
	}

}
