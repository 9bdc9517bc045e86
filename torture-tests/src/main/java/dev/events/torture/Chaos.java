package dev.events.torture;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

import dev.events.torture.check.Fault.Kind;

/**
 * Lets things go wrong. What, in which order and how long follows from the seed: kinds
 * come like cards of a shuffled deck, so that a short run, too, sees each of them; when
 * the deck is used up it is shuffled again. Faults of nodes and of the server come in
 * turns, because what only the one explains must not be excused by the other.
 */
final class Chaos {

	private static final List<Kind> OF_NODES = List.of(Kind.PAUSE, Kind.KILL, Kind.SHORT_PAUSE, Kind.RESTART,
			Kind.PAUSE, Kind.KILL);

	private static final Duration STOP_PATIENCE = Duration.ofSeconds(30);

	private final Random random;

	private final Server server;

	private final List<Node> nodes;

	private final FaultLog log;

	private final ExecutorService executor = Executors.newCachedThreadPool();

	// one of those that do something to the server at a time
	private final Semaphore onServer = new Semaphore(1);

	// so that there is always somebody left, and time in which things go well
	private final Semaphore atATime = new Semaphore(3);

	Chaos(long seed, Server server, List<Node> nodes, FaultLog log) {
		this.random = new Random(seed);
		this.server = server;
		this.nodes = nodes;
		this.log = log;
	}

	/** Everything that goes wrong in a run. */
	static Set<Kind> faults(Server server) {
		Set<Kind> faults = EnumSet.copyOf(OF_NODES);
		faults.addAll(server.faults());
		return faults;
	}

	/** Returns when the time is over and everything works again. */
	void run(Duration duration) throws Exception {
		long end = System.nanoTime() + duration.toNanos();
		List<Future<?>> running = new ArrayList<>();
		List<Kind> deck = new ArrayList<>();
		try {
			// on a slow machine, too, until everything has happened once
			boolean all = false;
			while (System.nanoTime() - end < 0 || !all) {
				if (deck.isEmpty()) {
					deck.addAll(shuffled(OF_NODES));
					deck.addAll(shuffled(this.server.faults()));
				}
				Card card = new Card(deck.remove(0), this.nodes.get(this.random.nextInt(this.nodes.size())),
						this.random.nextDouble(), this.random.nextLong());
				this.atATime.acquire();
				running.add(this.executor.submit(() -> {
					try {
						play(card);
						return true;
					}
					finally {
						this.atATime.release();
					}
				}));
				all |= deck.isEmpty();
				TimeUnit.MILLISECONDS.sleep(400 + this.random.nextInt(2000));
			}
		}
		finally {
			this.executor.shutdown();
		}
		for (Future<?> fault : running) {
			fault.get();
		}
	}

	private List<Kind> shuffled(List<Kind> kinds) {
		List<Kind> shuffled = new ArrayList<>(kinds);
		Collections.shuffle(shuffled, this.random);
		return shuffled;
	}

	private void play(Card card) throws Exception {
		switch (card.kind) {
			case KILL, PAUSE, SHORT_PAUSE, RESTART -> {
				Node node = acquire(card.node);
				try {
					disturb(card, node);
				}
				finally {
					node.release();
				}
			}
			case SERVER_STOPPED, SERVER_KILLED, CUT_CONNECTIONS, CLIENTS_PAUSED, SERVER_PAUSED, SCRIPTS_FLUSHED -> {
				this.onServer.acquire();
				try {
					disturbServer(card);
				}
				finally {
					this.onServer.release();
				}
			}
			case IDLE_TRANSACTION -> hinder(card, card.millis(2000, 6000));
			case POOL_EXHAUSTED -> {
				long millis = card.millis(1000, 2500);
				command(card, "pool " + millis, millis);
			}
			case OPEN_PUBLISHER -> {
				long millis = card.millis(1500, 5000);
				command(card, "hold " + millis + " " + (card.seed % 2 == 0 ? "commit" : "rollback"), millis);
			}
			default -> throw new IllegalStateException("Not ours: " + card.kind);
		}
	}

	/** The wanted node if nothing is done to it, or else another, or else the wanted. */
	private Node acquire(Node wanted) throws InterruptedException {
		int first = this.nodes.indexOf(wanted);
		for (int i = 0; i < this.nodes.size(); i++) {
			Node node = this.nodes.get((first + i) % this.nodes.size());
			if (node.tryAcquire()) {
				return node;
			}
		}
		wanted.acquire();
		return wanted;
	}

	private void disturb(Card card, Node node) throws InterruptedException {
		WorkerProcess worker = node.worker();
		long start = System.nanoTime();
		switch (card.kind) {
			case KILL -> {
				node.kill();
				this.log.add(card.kind, worker.name(), start, System.nanoTime());
				TimeUnit.MILLISECONDS.sleep(card.millis(0, 3000));
				node.startAgain();
			}
			case RESTART -> {
				if (!node.stop(STOP_PATIENCE)) {
					throw new IllegalStateException(worker.name() + " did not stop");
				}
				this.log.add(card.kind, worker.name(), start, System.nanoTime());
				node.startAgain();
			}
			default -> {
				worker.signal("STOP");
				TimeUnit.MILLISECONDS
					.sleep((card.kind == Kind.PAUSE) ? card.millis(2500, 5500) : card.millis(200, 900));
				worker.signal("CONT");
				this.log.add(card.kind, worker.name(), start, System.nanoTime());
			}
		}
	}

	private void disturbServer(Card card) throws InterruptedException {
		long start = System.nanoTime();
		switch (card.kind) {
			case SERVER_STOPPED -> {
				this.server.stop();
				TimeUnit.MILLISECONDS.sleep(card.millis(0, 3000));
				this.server.start();
			}
			case SERVER_KILLED -> {
				this.server.kill();
				TimeUnit.MILLISECONDS.sleep(card.millis(0, 3000));
				this.server.start();
			}
			case CLIENTS_PAUSED, SERVER_PAUSED, SCRIPTS_FLUSHED -> {
				hinder(card, card.millis(300, 4000));
				return;
			}
			default -> cutConnections(start + TimeUnit.MILLISECONDS.toNanos(card.millis(2000, 5000)), card);
		}
		this.log.add(card.kind, FaultLog.ALL, start, System.nanoTime());
	}

	private void cutConnections(long end, Card card) throws InterruptedException {
		Random random = new Random(card.seed);
		while (System.nanoTime() - end < 0) {
			this.server.cutConnections(random.nextDouble());
			TimeUnit.MILLISECONDS.sleep(100 + random.nextInt(200));
		}
	}

	private void hinder(Card card, long millis) throws InterruptedException {
		long start = System.nanoTime();
		this.server.hinder(card.kind, millis);
		this.log.add(card.kind, FaultLog.ALL, start, System.nanoTime());
	}

	/** To a node to which something else may be done meanwhile. */
	private void command(Card card, String command, long millis) throws InterruptedException {
		int first = this.nodes.indexOf(card.node);
		long start = System.nanoTime();
		for (int i = 0; true; i++) {
			WorkerProcess worker = this.nodes.get((first + i) % this.nodes.size()).worker();
			if (worker.isReady() && worker.tell(command)) {
				TimeUnit.MILLISECONDS.sleep(millis);
				this.log.add(card.kind, worker.name(), start, System.nanoTime());
				return;
			}
			TimeUnit.MILLISECONDS.sleep(100);
		}
	}

	/**
	 * Something that will go wrong.
	 */
	private record Card(Kind kind, Node node, double extent, long seed) {

		long millis(long from, long to) {
			return from + (long) (this.extent * (to - from));
		}

	}

}
