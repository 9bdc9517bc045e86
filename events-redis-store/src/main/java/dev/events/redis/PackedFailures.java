package dev.events.redis;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

import dev.events.store.DeliveryChange.Failure;
import org.jspecify.annotations.Nullable;

/**
 * A failure as bytes: type, message and stack trace, each with its length in front, which
 * is negative for a message that is not there.
 */
final class PackedFailures {

	private PackedFailures() {
	}

	static byte[] pack(Failure failure) {
		byte[] type = failure.type().getBytes(StandardCharsets.UTF_8);
		byte[] message = (failure.message() != null) ? failure.message().getBytes(StandardCharsets.UTF_8) : null;
		byte[] stack = failure.stack().getBytes(StandardCharsets.UTF_8);
		ByteBuffer packed = ByteBuffer
			.allocate(12 + type.length + ((message != null) ? message.length : 0) + stack.length);
		packed.putInt(type.length).put(type);
		if (message != null) {
			packed.putInt(message.length).put(message);
		}
		else {
			packed.putInt(-1);
		}
		return packed.putInt(stack.length).put(stack).array();
	}

	static @Nullable Failure unpack(byte @Nullable [] packed) {
		if (packed == null) {
			return null;
		}
		ByteBuffer bytes = ByteBuffer.wrap(packed);
		String type = string(bytes);
		String message = string(bytes);
		String stack = string(bytes);
		return new Failure((type != null) ? type : "", message, (stack != null) ? stack : "");
	}

	private static @Nullable String string(ByteBuffer bytes) {
		int length = bytes.getInt();
		if (length < 0) {
			return null;
		}
		byte[] string = new byte[length];
		bytes.get(string);
		return new String(string, StandardCharsets.UTF_8);
	}

}
