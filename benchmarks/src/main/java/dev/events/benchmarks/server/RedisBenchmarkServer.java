package dev.events.benchmarks.server;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import dev.events.test.redis.RedisServer;

/**
 * A Redis that writes its append-only file and syncs it every second, as most do in
 * production. The file is rewritten between two contenders and not while one runs.
 */
final class RedisBenchmarkServer implements BenchmarkServer {

	private static final List<String> REPORTED = List.of("appendonly", "appendfsync", "auto-aof-rewrite-percentage",
			"save", "maxmemory", "maxmemory-policy", "io-threads");

	private final RedisServer server;

	private RedisBenchmarkServer(RedisServer server) {
		this.server = server;
	}

	static RedisBenchmarkServer start() {
		return new RedisBenchmarkServer(RedisServer.dedicated("--appendonly", "yes", "--appendfsync", "everysec",
				"--auto-aof-rewrite-percentage", "0"));
	}

	@Override
	public BenchmarkDatabase createDatabase() {
		return new BenchmarkDatabase("redis", Store.REDIS, "redis://" + this.server.host() + ":" + this.server.port(),
				Long.parseLong(info("server", "process_id")));
	}

	@Override
	public void drop(BenchmarkDatabase database) {
		this.server.execute("FLUSHALL");
		this.server.execute("BGREWRITEAOF");
		while (!info("persistence", "aof_rewrite_in_progress").equals("0")
				|| !info("persistence", "aof_rewrite_scheduled").equals("0")) {
			Thread.onSpinWait();
		}
	}

	@Override
	public String describe() {
		String info = this.server.execute("INFO", "server");
		String product = info.contains("valkey_version") ? "Valkey " + value(info, "valkey_version")
				: "Redis " + value(info, "redis_version");
		return product + ": "
				+ REPORTED.stream()
					.map((name) -> this.server.execute("CONFIG", "GET", name).replace('\n', '='))
					.toList();
	}

	private String info(String section, String name) {
		return value(this.server.execute("INFO", section), name);
	}

	private static String value(String info, String name) {
		Matcher matcher = Pattern.compile("(?m)^" + name + ":(.*?)\\r?$").matcher(info);
		if (!matcher.find()) {
			throw new IllegalStateException(name + " is missing in " + info);
		}
		return matcher.group(1);
	}

	@Override
	public void close() {
		this.server.close();
	}

}
