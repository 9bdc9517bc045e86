package dev.events.torture;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import dev.events.torture.worker.WorkerApplication;
import org.jspecify.annotations.Nullable;

/**
 * A running worker, as the driver sees it. Thread-safe.
 */
final class WorkerProcess {

	private final String name;

	private final Process process;

	private final Path log;

	private final CountDownLatch ready = new CountDownLatch(1);

	private final CountDownLatch quiet = new CountDownLatch(1);

	private volatile @Nullable String trouble;

	private WorkerProcess(String name, Process process, Path log) {
		this.name = name;
		this.process = process;
		this.log = log;
	}

	static WorkerProcess start(String name, Path directory, Map<String, String> properties) {
		List<String> command = new ArrayList<>(List.of(
				Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xmx256m", "-XX:+UseSerialGC",
				"-XX:TieredStopAtLevel=1", "-Xshare:auto", "-cp", System.getProperty("java.class.path"),
				WorkerApplication.class.getName(), "--torture.name=" + name, "--torture.directory=" + directory,
				"--logging.config=classpath:logback-spring.xml"));
		properties.forEach((property, value) -> command.add("--" + property + "=" + value));
		Path log = directory.resolve(name + ".log");
		try {
			long before = System.nanoTime();
			Process process = new ProcessBuilder(command).directory(directory.toFile())
				.redirectError(log.toFile())
				.start();
			WorkerProcess worker = new WorkerProcess(name, process, log);
			Thread reader = new Thread(() -> worker.read(before), "answers-" + name);
			reader.setDaemon(true);
			reader.start();
			return worker;
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private void read(long before) {
		try (BufferedReader answers = this.process.inputReader(StandardCharsets.UTF_8)) {
			for (String line = answers.readLine(); line != null; line = answers.readLine()) {
				if (line.startsWith("ready ")) {
					long there = Long.parseLong(line.substring(6));
					if (there - before < 0 || System.nanoTime() - there < 0) {
						this.trouble = "Times of different JVMs cannot be compared on this machine";
					}
					this.ready.countDown();
				}
				else if (line.equals("quiet")) {
					this.quiet.countDown();
				}
			}
		}
		catch (IOException ex) {
			// it was killed
		}
	}

	String name() {
		return this.name;
	}

	long pid() {
		return this.process.pid();
	}

	boolean isAlive() {
		return this.process.isAlive();
	}

	boolean isReady() {
		return this.ready.getCount() == 0;
	}

	void awaitReady(Duration patience) {
		await(this.ready, patience, "start");
		if (this.trouble != null) {
			throw new IllegalStateException(this.trouble);
		}
	}

	void awaitQuiet(Duration patience) {
		await(this.quiet, patience, "stop publishing");
	}

	private void await(CountDownLatch latch, Duration patience, String what) {
		long deadline = System.nanoTime() + patience.toNanos();
		try {
			while (!latch.await(100, TimeUnit.MILLISECONDS)) {
				if (!isAlive() || System.nanoTime() - deadline > 0) {
					throw new IllegalStateException(this.name + " did not " + what + ", see " + this.log);
				}
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new IllegalStateException(ex);
		}
	}

	/**
	 * Gives it a command.
	 * @return whether it could be given: not to one that has just died
	 */
	synchronized boolean tell(String command) {
		try {
			this.process.getOutputStream().write((command + "\n").getBytes(StandardCharsets.UTF_8));
			this.process.getOutputStream().flush();
			return true;
		}
		catch (IOException ex) {
			return false;
		}
	}

	/** Sends a signal, for example STOP. */
	void signal(String signal) {
		try {
			new ProcessBuilder("kill", "-" + signal, Long.toString(pid())).start().waitFor();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new IllegalStateException(ex);
		}
	}

	/** As kill -9 does. */
	void kill() {
		this.process.destroyForcibly();
		join();
	}

	/** Asks it to end, and waits. */
	boolean terminate(Duration patience) {
		this.process.destroy();
		try {
			if (this.process.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS)) {
				return true;
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
		kill();
		return false;
	}

	private void join() {
		try {
			this.process.waitFor();
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

}
