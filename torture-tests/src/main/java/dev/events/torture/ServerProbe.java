package dev.events.torture;

import java.time.Duration;

import dev.events.torture.check.Fault.Kind;

/**
 * Writes down when the server, or the whole machine, took long for something small
 * although nobody had stopped it.
 */
final class ServerProbe implements AutoCloseable {

	private static final Duration WORTH_NOTING = Duration.ofMillis(500);

	private final Server server;

	private final FaultLog log;

	private final Thread thread = new Thread(this::run, "probe");

	private volatile boolean closed;

	ServerProbe(Server server, FaultLog log) {
		this.server = server;
		this.log = log;
		this.thread.setDaemon(true);
	}

	void start() {
		this.thread.start();
	}

	private void run() {
		try {
			while (!this.closed) {
				long start = System.nanoTime();
				Thread.sleep(50);
				boolean undisturbed = this.server.probe();
				long end = System.nanoTime();
				if (undisturbed && end - start > WORTH_NOTING.toNanos()) {
					this.log.add(Kind.STALL, FaultLog.ALL, start, end);
				}
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	@Override
	public void close() {
		this.closed = true;
	}

}
