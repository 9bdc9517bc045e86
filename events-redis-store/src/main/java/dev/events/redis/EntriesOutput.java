package dev.events.redis;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

import dev.events.redis.EntriesOutput.Entries;
import dev.events.store.StoredEvent;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.output.CommandOutput;
import org.jspecify.annotations.Nullable;

/**
 * Takes stream entries as they come in: each is its id, the name of the one field, and
 * the packed event.
 */
final class EntriesOutput extends CommandOutput<byte[], byte[], Entries> {

	private int strings;

	EntriesOutput() {
		super(ByteArrayCodec.INSTANCE, new Entries());
	}

	@Override
	public void set(@Nullable ByteBuffer bytes) {
		if (bytes == null) {
			return;
		}
		int part = this.strings++ % 3;
		if (part == 0) {
			this.output.positions.add(position(bytes));
		}
		else if (part == 2) {
			byte[] event = new byte[bytes.remaining()];
			bytes.get(event);
			this.output.packed.add(event);
		}
	}

	/** The position of an entry with this id. */
	static long position(byte[] id) {
		return position(ByteBuffer.wrap(id));
	}

	/** The number in front of the hyphen. */
	private static long position(ByteBuffer id) {
		long position = 0;
		for (byte digit = id.get(); digit != '-'; digit = id.get()) {
			position = 10 * position + digit - '0';
		}
		return position;
	}

	/**
	 * Entries as they have come. To unpack them is for the thread that has asked: the one
	 * that takes them in serves all others, too.
	 */
	static final class Entries {

		private final List<Long> positions = new ArrayList<>();

		private final List<byte[]> packed = new ArrayList<>();

		List<StoredEvent> unpack() {
			PackedEvents unpacking = new PackedEvents();
			List<StoredEvent> events = new ArrayList<>(this.packed.size());
			for (int i = 0; i < this.packed.size(); i++) {
				events.add(new StoredEvent(this.positions.get(i), unpacking.next(this.packed.get(i))));
			}
			return events;
		}

	}

}
