package dev.events.torture;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Semaphore;

/**
 * One of the nodes: one worker after another. Who does something to it acquires it first.
 */
final class Node {

	private static final Duration START_PATIENCE = Duration.ofSeconds(90);

	private static final int MAX_STARTS = 20;

	private final int number;

	private final TortureSettings settings;

	private final Map<String, String> properties;

	private final Semaphore permit = new Semaphore(1);

	private final List<WorkerProcess> workers = new ArrayList<>();

	// when each worker was dead
	private final Map<String, Long> deaths = new LinkedHashMap<>();

	private volatile boolean publishing;

	Node(int number, TortureSettings settings, Map<String, String> properties) {
		this.number = number;
		this.settings = settings;
		this.properties = properties;
	}

	boolean tryAcquire() {
		return this.permit.tryAcquire();
	}

	void acquire() throws InterruptedException {
		this.permit.acquire();
	}

	void release() {
		this.permit.release();
	}

	/** The worker that runs, or ran last. */
	synchronized WorkerProcess worker() {
		return this.workers.get(this.workers.size() - 1);
	}

	/** Starts a worker and waits until it is there. */
	void start() {
		startProcess().awaitReady(START_PATIENCE);
	}

	/** As {@link #start()}, but tries again while the database is in trouble. */
	void startAgain() {
		for (int i = 0; i < MAX_STARTS; i++) {
			WorkerProcess worker = startProcess();
			try {
				worker.awaitReady(START_PATIENCE);
				if (this.publishing) {
					worker.tell("publish");
				}
				return;
			}
			catch (IllegalStateException ex) {
				if (i == MAX_STARTS - 1 || worker.isAlive()) {
					throw ex;
				}
				died(worker);
			}
		}
	}

	private synchronized WorkerProcess startProcess() {
		Map<String, String> all = new HashMap<>(this.properties);
		int incarnation = this.workers.size();
		all.put("torture.node", Integer.toString(this.number));
		all.put("torture.seed", Long.toString(this.settings.seed() * 31 + this.number * 1_000L + incarnation * 10L));
		all.put("torture.rate", Integer.toString(this.settings.rate()));
		if (this.number == 0) {
			// one node keeps its name when it starts again, the others do not
			all.put("events.node-id", "node-0");
		}
		Path directory = this.settings.directory();
		WorkerProcess worker = WorkerProcess.start("w" + this.number + "-" + incarnation, directory, all);
		this.workers.add(worker);
		return worker;
	}

	void publish() {
		this.publishing = true;
		worker().tell("publish");
	}

	/** As kill -9 does. */
	void kill() {
		worker().kill();
		died(worker());
	}

	/**
	 * Lets it end in order.
	 * @return whether it did
	 */
	boolean stop(Duration patience) {
		boolean inOrder = worker().terminate(patience);
		died(worker());
		return inOrder;
	}

	private synchronized void died(WorkerProcess worker) {
		this.deaths.put(worker.name(), System.nanoTime());
	}

	/** All workers there were, and when each was dead. */
	synchronized Map<String, Long> deaths() {
		return new LinkedHashMap<>(this.deaths);
	}

	/** Ends it whatever it does. */
	synchronized void destroy() {
		this.workers.forEach(WorkerProcess::kill);
	}

}
