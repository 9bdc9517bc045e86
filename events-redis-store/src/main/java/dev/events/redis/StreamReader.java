package dev.events.redis;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.UUID;

import dev.events.redis.EntriesOutput.Entries;
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

	private static final int AT_ONCE = 500;

	private final RedisCalls calls;

	private final byte[] log;

	private final byte[] ids;

	StreamReader(RedisCalls calls, Keys keys) {
		this.calls = calls;
		this.log = keys.log();
		this.ids = keys.ids();
	}

	/** Events from one position to another, both included, in order. */
	List<StoredEvent> read(long from, long to, int limit) {
		return this.calls.read("read the log", (commands) -> range(commands, from, to, limit)).unpack();
	}

	/** As {@link #read}, but the last first. */
	List<StoredEvent> readBackwards(long from, long to, int limit) {
		CommandArgs<byte[], byte[]> args = new CommandArgs<>(ByteArrayCodec.INSTANCE).addKey(this.log)
			.add(end(to))
			.add(Long.toString(Math.max(0, from)))
			.add("COUNT")
			.add(limit);
		return this.calls
			.read("read the log", (commands) -> commands.dispatch(CommandType.XREVRANGE, new EntriesOutput(), args))
			.unpack();
	}

	/** Events at these positions, in the order of the positions. */
	List<StoredEvent> readAll(Collection<Long> positions) {
		List<StoredEvent> events = new ArrayList<>();
		List<Long> left = positions.stream().filter((position) -> position > 0).toList();
		while (!left.isEmpty()) {
			Arguments batch = new Arguments();
			left.stream().limit(AT_ONCE).forEach(batch::add);
			Answer answer = this.calls.run("read events", Script.READ, batch);
			for (int i = 1; i < answer.size(); i++) {
				Answer entry = answer.list(i);
				events.add(new StoredEvent(EntriesOutput.position(entry.bytes(0)),
						PackedEvents.unpack(entry.list(1).bytes(1))));
			}
			left = left.subList((int) answer.number(0), left.size());
		}
		return events;
	}

	/** Position of the event with this id; 0 if there is none. */
	long positionOf(UUID id) {
		byte[] entry = this.calls.read("find an event", (commands) -> commands.hget(this.ids, PackedEvents.id(id)));
		if (entry == null) {
			return 0;
		}
		String text = new String(entry, StandardCharsets.ISO_8859_1);
		return Long.parseLong(text.substring(0, text.indexOf(':')));
	}

	private RedisFuture<Entries> range(RedisClusterAsyncCommands<byte[], byte[]> commands, long from, long to,
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
