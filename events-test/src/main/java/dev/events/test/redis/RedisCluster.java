package dev.events.test.redis;

import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import org.awaitility.Awaitility;

/**
 * A cluster of three masters on the loopback interface, always from a binary (the nodes
 * of a cluster in containers would tell clients addresses that only containers can
 * reach).
 */
public final class RedisCluster implements AutoCloseable {

	private static final int SLOTS = 16384;

	private final List<ProcessBackend> nodes;

	private RedisCluster(List<ProcessBackend> nodes) {
		this.nodes = nodes;
	}

	/** The cluster that all tests of this JVM share. It ends with the JVM. */
	public static RedisCluster shared() {
		return Shared.CLUSTER;
	}

	private static RedisCluster start() {
		return new RedisCluster(start(3, SLOTS / 3, SLOTS * 2 / 3));
	}

	/**
	 * Starts nodes that know each other.
	 * @param starts first slots of the second and third one; those behind it have none
	 */
	static List<ProcessBackend> start(int count, int... starts) {
		List<ProcessBackend> nodes = Stream
			.generate(() -> new ProcessBackend(
					List.of("--cluster-enabled", "yes", "--cluster-node-timeout", "2000", "--save", "")))
			.limit(count)
			.toList();
		nodes.forEach(ProcessBackend::start);
		for (int i = 0; i <= starts.length; i++) {
			int from = (i == 0) ? 0 : starts[i - 1];
			int to = (i < starts.length) ? starts[i] : SLOTS;
			execute(nodes.get(i), Stream.concat(Stream.of("CLUSTER", "ADDSLOTS"),
					IntStream.range(from, to).mapToObj(String::valueOf)));
		}
		nodes.forEach((node) -> execute(node,
				Stream.of("CLUSTER", "MEET", "127.0.0.1", String.valueOf(nodes.get(0).port()))));
		Awaitility.await()
			.atMost(Duration.ofSeconds(30))
			.until(() -> nodes.stream()
				.allMatch((node) -> execute(node, Stream.of("CLUSTER", "INFO")).contains("cluster_state:ok")
						&& execute(node, Stream.of("CLUSTER", "NODES")).lines().count() == count));
		return nodes;
	}

	private static String execute(ProcessBackend node, Stream<String> command) {
		return RedisProtocol.execute(node.host(), node.port(), command.toArray(String[]::new));
	}

	/** Addresses of the masters, each in the form {@code host:port}. */
	public List<String> addresses() {
		return this.nodes.stream().map((node) -> node.host() + ":" + node.port()).toList();
	}

	@Override
	public void close() {
		if (this == Shared.CLUSTER) {
			throw new IllegalStateException("Other tests use the shared cluster");
		}
		this.nodes.forEach(ProcessBackend::delete);
	}

	private static final class Shared {

		static final RedisCluster CLUSTER = start();

	}

}
