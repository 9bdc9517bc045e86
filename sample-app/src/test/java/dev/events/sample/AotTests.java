package dev.events.sample;

import java.nio.file.Path;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * The application as Spring's ahead-of-time processing, which the build has run, made it.
 */
@Execution(ExecutionMode.CONCURRENT)
class AotTests {

	@TempDir
	private Path directory;

	@Test
	void deliversEventsWithTheBeansMadeAheadOfTime() throws Exception {
		try (SampleProcess application = SampleProcess.start(this.directory, List.of("-Dspring.aot.enabled=true"))) {
			assertThat(application.output()).contains("Starting AOT-processed SampleApplication");
			SampleClient client = application.client();
			client.register("ada@example.org", "Ada");
			await().untilAsserted(
					() -> assertThat(client.values("/mails", "recipient")).containsExactly("ada@example.org"));
		}
	}

}
