package dev.events.torture;

import java.io.IOException;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The torture test. How to run it for longer is in CONTRIBUTING.md.
 */
class TortureTests {

	@Test
	void nothingIsLostInventedReorderedOrRepeatedWithoutReason() throws IOException {
		assertThat(new TortureRun(TortureSettings.fromSystemProperties()).run().isGood()).isTrue();
	}

}
