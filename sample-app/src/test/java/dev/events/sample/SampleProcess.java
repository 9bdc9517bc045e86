package dev.events.sample;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.springframework.test.web.servlet.client.RestTestClient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * The application as a process, with its database in a directory.
 */
final class SampleProcess implements AutoCloseable {

	private static final Duration START_TIMEOUT = Duration.ofSeconds(120);

	private static final Pattern PORT = Pattern.compile("Tomcat started on port (\\d+)");

	private final Process process;

	private final Path log;

	private SampleProcess(Process process, Path log) {
		this.process = process;
		this.log = log;
	}

	/** Starts it, and waits until it answers. */
	static SampleProcess start(Path directory, String... arguments) throws IOException {
		return start(directory, List.of(), arguments);
	}

	/** As {@link #start(Path, String...)}, with options of the JVM. */
	static SampleProcess start(Path directory, List<String> options, String... arguments) throws IOException {
		Path log = Files.createTempFile(directory, "sample", ".log");
		List<String> command = new ArrayList<>(
				List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xmx256m",
						"-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"));
		command.addAll(options);
		command.addAll(List.of("-cp", System.getProperty("java.class.path"), SampleApplication.class.getName(),
				"--server.port=0", "--events.delivery.lease-duration=2s"));
		command.addAll(List.of(arguments));
		Process process = new ProcessBuilder(command).directory(directory.toFile())
			.redirectErrorStream(true)
			.redirectOutput(log.toFile())
			.start();
		SampleProcess started = new SampleProcess(process, log);
		started.awaitStart();
		return started;
	}

	private void awaitStart() {
		try {
			await().atMost(START_TIMEOUT).untilAsserted(() -> {
				assertThat(this.process.isAlive()).isTrue();
				assertThat(output()).contains("Started SampleApplication");
			});
		}
		catch (Throwable ex) {
			close();
			throw new AssertionError("The application did not start:\n" + output(), ex);
		}
	}

	/** What it has printed so far. */
	String output() {
		try {
			return Files.readString(this.log);
		}
		catch (IOException ex) {
			return ex.toString();
		}
	}

	SampleClient client() {
		Matcher port = PORT.matcher(output());
		assertThat(port.find()).isTrue();
		return new SampleClient(RestTestClient.bindToServer().baseUrl("http://localhost:" + port.group(1)).build());
	}

	/** As kill -9 does. */
	void kill() throws InterruptedException {
		this.process.destroyForcibly().waitFor();
	}

	@Override
	public void close() {
		try {
			kill();
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

}
