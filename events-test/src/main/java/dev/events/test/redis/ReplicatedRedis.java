package dev.events.test.redis;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.awaitility.Awaitility;

/**
 * A master and a replica that takes over when the master is gone, told to by a sentinel
 * or by a cluster; on the loopback interface, always from a binary. One failover for each
 * instance.
 */
public final class ReplicatedRedis implements AutoCloseable {

	/** Name of the master that the sentinel knows. */
	public static final String MASTER = "events";

	// servers give up to hand over after five seconds, on a busy machine for example
	private static final Duration HAND_OVER = Duration.ofSeconds(6);

	private static final Duration PATIENCE = Duration.ofSeconds(30);

	private final ProcessBackend master;

	private final ProcessBackend replica;

	// the sentinel, or the other nodes of the cluster
	private final List<ProcessBackend> others;

	private final boolean cluster;

	private ReplicatedRedis(ProcessBackend master, ProcessBackend replica, List<ProcessBackend> others,
			boolean cluster) {
		this.master = master;
		this.replica = replica;
		this.others = others;
		this.cluster = cluster;
		Awaitility.await().atMost(PATIENCE).until(() -> info(replica, "master_link_status").equals("up"));
	}

	/** With one sentinel, to which a server is down after a second. */
	public static ReplicatedRedis withSentinel() {
		ProcessBackend master = new ProcessBackend(List.of());
		master.start();
		ProcessBackend replica = new ProcessBackend(List.of("--replicaof", "127.0.0.1", String.valueOf(master.port())));
		replica.start();
		ProcessBackend sentinel = ProcessBackend
			.sentinel(List.of("sentinel monitor " + MASTER + " 127.0.0.1 " + master.port() + " 1",
					"sentinel down-after-milliseconds " + MASTER + " 1000",
					"sentinel failover-timeout " + MASTER + " 5000"));
		sentinel.start();
		Awaitility.await()
			.atMost(PATIENCE)
			.until(() -> execute(sentinel, "SENTINEL", "REPLICAS", MASTER).contains(":" + replica.port()));
		return new ReplicatedRedis(master, replica, List.of(sentinel), false);
	}

	/**
	 * A cluster of three masters, the first of which has a replica and all slots but the
	 * last two; with fewer masters nobody could decide.
	 */
	public static ReplicatedRedis inCluster() {
		List<ProcessBackend> nodes = RedisCluster.start(4, 16382, 16383);
		ProcessBackend master = nodes.get(0);
		ProcessBackend replica = nodes.get(3);
		String id = execute(master, "CLUSTER", "MYID");
		execute(replica, "CLUSTER", "REPLICATE", id);
		List<ProcessBackend> others = new ArrayList<>(nodes.subList(1, 3));
		Awaitility.await()
			.atMost(PATIENCE)
			.until(() -> others.stream()
				.allMatch((node) -> execute(node, "CLUSTER", "NODES").lines()
					.anyMatch((line) -> line.contains(":" + replica.port() + "@") && line.contains("slave " + id))));
		return new ReplicatedRedis(master, replica, others, true);
	}

	public boolean isCluster() {
		return this.cluster;
	}

	/**
	 * Of the sentinel, or of nodes of the cluster, each in the form {@code host:port}.
	 */
	public List<String> addresses() {
		List<ProcessBackend> asked = new ArrayList<>(this.others);
		if (this.cluster) {
			asked.add(this.master);
			asked.add(this.replica);
		}
		return asked.stream().map((node) -> node.host() + ":" + node.port()).toList();
	}

	/** Waits until the replica has what the master has now. */
	public void awaitReplication() {
		long offset = Long.parseLong(info(this.master, "master_repl_offset"));
		Awaitility.await()
			.atMost(PATIENCE)
			.until(() -> Long.parseLong(info(this.replica, "slave_repl_offset")) >= offset);
	}

	/** From now on the replica gets nothing, until the master is gone. */
	public void pauseReplica() {
		this.replica.signal("STOP");
	}

	/** Kills the master and waits until the replica has taken over. */
	public void crashMaster() {
		this.master.signal("KILL");
		this.master.awaitEnd();
		this.replica.signal("CONT");
		awaitMaster(this.replica);
	}

	/** Lets the two swap their roles in order. */
	public void handOver() {
		if (!this.cluster) {
			execute(this.others.get(0), "SENTINEL", "FAILOVER", MASTER);
			awaitMaster(this.replica);
			return;
		}
		AtomicLong asked = new AtomicLong(System.nanoTime() - HAND_OVER.toNanos());
		Awaitility.await().atMost(PATIENCE).ignoreExceptions().until(() -> {
			boolean done = isMaster(this.replica);
			if (!done && System.nanoTime() - asked.get() >= HAND_OVER.toNanos()) {
				asked.set(System.nanoTime());
				execute(this.replica, "CLUSTER", "FAILOVER");
			}
			return done;
		});
	}

	private static void awaitMaster(ProcessBackend node) {
		Awaitility.await().atMost(PATIENCE).ignoreExceptions().until(() -> isMaster(node));
	}

	private static boolean isMaster(ProcessBackend node) {
		return info(node, "role").equals("master");
	}

	private static String info(ProcessBackend node, String name) {
		Matcher matcher = Pattern.compile("(?m)^" + name + ":(.*?)\\r?$").matcher(execute(node, "INFO", "replication"));
		return matcher.find() ? matcher.group(1) : "";
	}

	private static String execute(ProcessBackend node, String... command) {
		return RedisProtocol.execute(node.host(), node.port(), command);
	}

	@Override
	public void close() {
		this.others.forEach(ProcessBackend::delete);
		this.replica.delete();
		this.master.delete();
	}

}
