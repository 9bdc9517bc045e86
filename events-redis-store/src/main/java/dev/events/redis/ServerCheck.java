package dev.events.redis;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import dev.events.redis.RedisEventStoreSettings.EvictionCheck;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks at how the server is set up, once, when the store is created. By INFO, which
 * managed services allow as well.
 */
final class ServerCheck {

	private static final Logger logger = LoggerFactory.getLogger(ServerCheck.class);

	private final String server;

	private final String memory;

	private final String persistence;

	ServerCheck(RedisCalls calls) {
		Answer info = calls.run("look at the server", Script.SERVER, new Arguments());
		this.server = info.string(0);
		this.memory = info.string(1);
		this.persistence = info.string(2);
	}

	/** Product and version, for people. */
	String name() {
		return value(this.server, "valkey_version").map((version) -> "Valkey " + version)
			.or(() -> value(this.server, "redis_version").map((version) -> "Redis " + version))
			.orElse("Redis");
	}

	/**
	 * Policies that evict only keys with a time to live evict none of ours.
	 * @throws IllegalStateException when the server may evict events
	 */
	void checkEviction(EvictionCheck check) {
		String policy = value(this.memory, "maxmemory_policy").orElse("unknown");
		if (check == EvictionCheck.OFF || !policy.startsWith("allkeys")) {
			return;
		}
		String message = "The Redis server may evict events when its memory is used up: its maxmemory-policy is "
				+ policy;
		boolean limited = !value(this.memory, "maxmemory").orElse("1").equals("0");
		if (limited && check == EvictionCheck.FAIL) {
			throw new IllegalStateException(message + ". Set maxmemory-policy to noeviction (or volatile-lru, if "
					+ "the server is also a cache whose keys expire), or events.redis.eviction-check to warn");
		}
		logger.warn("{}{}. Set maxmemory-policy to noeviction", message,
				limited ? "" : " (no limit is set at the moment)");
	}

	/** Warns when what is stored does not outlive the server. */
	void checkPersistence() {
		if (value(this.persistence, "aof_enabled").orElse("1").equals("0")) {
			logger.warn("The Redis server keeps no append-only file: when it stops or crashes, events are lost "
					+ "that were stored since its last snapshot. Set appendonly to yes");
		}
	}

	private static Optional<String> value(String info, String name) {
		Matcher matcher = Pattern.compile("(?m)^" + name + ":(.*?)\\r?$").matcher(info);
		return matcher.find() ? Optional.of(matcher.group(1)) : Optional.empty();
	}

}
