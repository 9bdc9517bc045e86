package dev.events.delivery;

import java.lang.reflect.Type;

import dev.events.Event;
import dev.events.codec.EventCodec;
import dev.events.encryption.EventEncryption;
import dev.events.store.EventRecord;
import dev.events.store.PartitionId;
import dev.events.store.StoredEvent;
import org.jspecify.annotations.Nullable;

/**
 * An event of the log in memory, shared by all workers of the node, so that it is decoded
 * once for each type that is asked for in turn, unless it is encrypted.
 */
final class LogEntry {

	private final StoredEvent stored;

	private final int hash;

	// racy on purpose: at worst an event is decoded twice
	private volatile @Nullable Event<Object> plain;

	private volatile @Nullable Typed typed;

	LogEntry(StoredEvent stored) {
		this.stored = stored;
		this.hash = isReadable() ? PartitionId.hash(stored.event()) : 0;
	}

	/**
	 * Whether the row is one that this library could have written. Others, say without a
	 * type, are passed over: they are for nobody, and must not stop the rest of the log.
	 */
	@SuppressWarnings("ConstantValue") // rows can come from anywhere
	boolean isReadable() {
		EventRecord event = this.stored.event();
		return event != null && event.id() != null && event.type() != null && event.data() != null;
	}

	long position() {
		return this.stored.position();
	}

	EventRecord event() {
		return this.stored.event();
	}

	int hash() {
		return this.hash;
	}

	/** About how many bytes this keeps in memory. */
	long weight() {
		return isReadable() ? 512 + 2L * this.stored.event().data().length() : 512;
	}

	/** Plain text of encrypted data is not kept. */
	private boolean isKept() {
		return !EventEncryption.isEncrypted(event());
	}

	Event<Object> decode(EventCodec codec) {
		Event<Object> event = this.plain;
		if (event == null) {
			event = codec.decode(event());
			if (isKept()) {
				this.plain = event;
			}
		}
		return event;
	}

	Event<Object> decode(EventCodec codec, Type dataType) {
		if (dataType == Object.class) {
			return decode(codec);
		}
		Typed last = this.typed;
		if (last == null || !last.dataType.equals(dataType)) {
			last = new Typed(dataType, codec.decode(event(), dataType));
			if (isKept()) {
				this.typed = last;
			}
		}
		return last.event;
	}

	private record Typed(Type dataType, Event<Object> event) {

	}

}
