package dev.events.aggregation;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ids of the events of a key that may be delivered once more: after they were added, and
 * before the store knew from the subscription that they were. Immutable.
 * <p>
 * Invariant: an id is forgotten only when the subscription can never deliver the event
 * again, because everything up to a position behind it is done for good. What bounds the
 * memory in spite of that, {@link #MAX}, is reached only by a key that gets so many
 * events before all partitions of the subscription are past them, within some seconds or
 * while it stands still somewhere; then the oldest ones are forgotten, which matters only
 * if they come again all the same, because a node dies before its next checkpoint.
 *
 * @param recent ids of the last events
 * @param older ids of those before
 * @param head a position that none of the older events lies behind
 */
record HandledIds(String recent, String older, long head) {

	static final HandledIds NONE = new HandledIds("", "", 0);

	/** So many are gathered before older ones are looked after. */
	static final int GENERATION = 500;

	/** So many are kept at least, and not many more, while nothing is settled. */
	static final int MAX = 8_192;

	private static final Logger logger = LoggerFactory.getLogger(HandledIds.class);

	private static final AtomicBoolean warned = new AtomicBoolean();

	private static final int BYTES = 16;

	/** All of them. */
	List<UUID> all() {
		List<UUID> all = new ArrayList<>(ids(this.older));
		all.addAll(ids(this.recent));
		return all;
	}

	int size() {
		return size(this.recent) + size(this.older);
	}

	/** With further ones; may forget others. */
	HandledIds with(List<UUID> added, LongSupplier head, LongSupplier settled) {
		String recent = text(ids(this.recent), added);
		if (size(recent) < GENERATION) {
			return new HandledIds(recent, this.older, this.head);
		}
		if (this.older.isEmpty() || this.head <= settled.getAsLong()) {
			return new HandledIds("", recent, head.getAsLong());
		}
		HandledIds grown = new HandledIds(recent, this.older, this.head);
		return (grown.size() <= MAX) ? grown : grown.merged(head);
	}

	/** All of them as older ones, so that they can be forgotten one day. */
	HandledIds sealed(LongSupplier head, LongSupplier settled) {
		if (this.recent.isEmpty()) {
			return this;
		}
		return (this.older.isEmpty() || this.head <= settled.getAsLong())
				? new HandledIds("", this.recent, head.getAsLong()) : merged(head);
	}

	private HandledIds merged(LongSupplier head) {
		List<UUID> all = all();
		if (all.size() > MAX && warned.compareAndSet(false, true)) {
			logger.warn("More than {} events of one key are to be remembered, because the subscription is not known to "
					+ "be past them; the oldest ones are forgotten. Said once.", MAX);
		}
		return new HandledIds("", text(all.subList(Math.max(0, all.size() - MAX), all.size()), List.of()),
				head.getAsLong());
	}

	private static int size(String text) {
		// without padding, which is less than an id
		return text.length() / 4 * 3 / BYTES;
	}

	private static List<UUID> ids(String text) {
		ByteBuffer bytes = ByteBuffer.wrap(Base64.getDecoder().decode(text));
		List<UUID> ids = new ArrayList<>(bytes.remaining() / BYTES);
		while (bytes.remaining() >= BYTES) {
			ids.add(new UUID(bytes.getLong(), bytes.getLong()));
		}
		return ids;
	}

	private static String text(List<UUID> ids, List<UUID> more) {
		ByteBuffer bytes = ByteBuffer.allocate((ids.size() + more.size()) * BYTES);
		ids.forEach((id) -> bytes.putLong(id.getMostSignificantBits()).putLong(id.getLeastSignificantBits()));
		more.forEach((id) -> bytes.putLong(id.getMostSignificantBits()).putLong(id.getLeastSignificantBits()));
		return Base64.getEncoder().encodeToString(bytes.array());
	}

}
