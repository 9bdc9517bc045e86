package dev.events.redis;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

import dev.events.store.StoredEvent;
import io.lettuce.core.RedisFuture;
import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.protocol.CommandArgs;
import io.lettuce.core.protocol.CommandType;

/**
 * Reads entries of the stream, from the master only: a replica may lag behind.
 */
final class StreamReader {

	/** The end of the log, wherever it is. */
	static final long NEWEST = Long.MAX_VALUE;

	private final RedisCalls calls;

	private final byte[] log;

	StreamReader(RedisCalls calls, Keys keys) {
		this.calls = calls;
		this.log = keys.log();
	}

	/** Events from one position to another, both included, in order. */
	List<StoredEvent> read(long from, long to, int limit) {
		return this.calls.read("read the log", (commands) -> range(commands, from, to, limit));
	}

	/** As {@link #read}, but the last first. */
	List<StoredEvent> readBackwards(long from, long to, int limit) {
		CommandArgs<byte[], byte[]> args = new CommandArgs<>(ByteArrayCodec.INSTANCE).addKey(this.log)
			.add(end(to))
			.add(Long.toString(Math.max(0, from)))
			.add("COUNT")
			.add(limit);
		return this.calls.read("read the log",
				(commands) -> commands.dispatch(CommandType.XREVRANGE, new EntriesOutput(), args));
	}

	/** Events at these positions, in the order of the positions. */
	List<StoredEvent> readAll(Collection<Long> positions) {
		List<StoredEvent> events = new ArrayList<>();
		for (Long position : positions) {
			if (position > 0) {
				events.addAll(read(position, position, 1));
			}
		}
		return events;
	}

	private RedisFuture<List<StoredEvent>> range(RedisClusterAsyncCommands<byte[], byte[]> commands, long from, long to,
			int limit) {
		CommandArgs<byte[], byte[]> args = new CommandArgs<>(ByteArrayCodec.INSTANCE).addKey(this.log)
			.add(Long.toString(Math.max(0, from)))
			.add(end(to))
			.add("COUNT")
			.add(limit);
		return commands.dispatch(CommandType.XRANGE, new EntriesOutput(), args);
	}

	private static String end(long position) {
		return (position == NEWEST) ? "+" : Long.toString(position);
	}

}
