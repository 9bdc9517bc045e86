package dev.events.redis;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

import dev.events.store.StoredEvent;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.output.CommandOutput;
import org.jspecify.annotations.Nullable;

/**
 * Takes stream entries as they come in: each is its id, the name of the one field, and
 * the packed event. Unpacked are they by the thread that has asked for them.
 */
final class EntriesOutput extends CommandOutput<byte[], byte[], List<StoredEvent>> {

	private final List<byte[]> packed = new ArrayList<>();

	private final List<Long> positions = new ArrayList<>();

	private int strings;

	EntriesOutput() {
		super(ByteArrayCodec.INSTANCE, List.of());
	}

	@Override
	public void set(@Nullable ByteBuffer bytes) {
		if (bytes == null) {
			return;
		}
		int part = this.strings++ % 3;
		if (part == 0) {
			this.positions.add(position(bytes));
		}
		else if (part == 2) {
			byte[] event = new byte[bytes.remaining()];
			bytes.get(event);
			this.packed.add(event);
		}
	}

	private static long position(ByteBuffer id) {
		byte[] bytes = new byte[id.remaining()];
		id.get(bytes);
		return position(bytes);
	}

	/** The position of an entry with this id. */
	static long position(byte[] id) {
		String text = new String(id, StandardCharsets.US_ASCII);
		return Long.parseLong(text.substring(0, text.indexOf('-')));
	}

	@Override
	public List<StoredEvent> get() {
		List<StoredEvent> events = new ArrayList<>(this.packed.size());
		for (int i = 0; i < this.packed.size(); i++) {
			events.add(new StoredEvent(this.positions.get(i), PackedEvents.unpack(this.packed.get(i))));
		}
		return events;
	}

}
