package dev.events.encryption;

import java.security.SecureRandom;
import java.util.Base64;
import java.util.Optional;
import java.util.Set;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * An encrypted value as it stands in JSON:
 * <code>{"$encrypted":{"alg":"A256GCM","kid":"…","nonce":"…","data":"…"}}</code>.
 *
 * @param keyId id of the key
 * @param nonce the nonce
 * @param data cipher text and tag
 */
record SealedValue(String keyId, byte[] nonce, byte[] data) {

	/** Only written by us, so data that has it was encrypted. */
	static final String START = "{\"$encrypted\":{\"alg\":\"A256GCM\",";

	private static final String NAME = "$encrypted";

	private static final String ALGORITHM = "A256GCM";

	private static final Set<String> FIELDS = Set.of("alg", "kid", "nonce", "data");

	private static final SecureRandom RANDOM = new SecureRandom();

	/** Encrypts with a fresh random nonce. */
	static SealedValue encrypt(String keyId, byte[] key, byte[] associated, byte[] plain) {
		byte[] nonce = new byte[AesGcm.NONCE_LENGTH];
		RANDOM.nextBytes(nonce);
		return new SealedValue(keyId, nonce, AesGcm.encrypt(key, nonce, associated, plain));
	}

	/** The value that was encrypted; empty when something is not as it was then. */
	Optional<byte[]> decrypt(byte[] key, byte[] associated) {
		return AesGcm.decrypt(key, this.nonce, associated, this.data);
	}

	/** Reads one; {@code null} when it is anything else. */
	static @Nullable SealedValue of(JsonNode json) {
		JsonNode content = json.path(NAME);
		if (json.size() != 1 || content.size() != FIELDS.size() || !ALGORITHM.equals(text(content, "alg"))) {
			return null;
		}
		String keyId = text(content, "kid");
		byte[] nonce = bytes(content, "nonce");
		byte[] data = bytes(content, "data");
		return (keyId != null && nonce != null && data != null) ? new SealedValue(keyId, nonce, data) : null;
	}

	private static @Nullable String text(JsonNode content, String name) {
		JsonNode value = content.path(name);
		return value.isString() ? value.stringValue() : null;
	}

	private static byte @Nullable [] bytes(JsonNode content, String name) {
		String text = text(content, name);
		try {
			return (text != null) ? Base64.getDecoder().decode(text) : null;
		}
		catch (IllegalArgumentException ex) {
			return null;
		}
	}

	ObjectNode toJson() {
		ObjectNode json = JsonNodeFactory.instance.objectNode();
		json.putObject(NAME)
			.put("alg", ALGORITHM)
			.put("kid", this.keyId)
			.put("nonce", Base64.getEncoder().encodeToString(this.nonce))
			.put("data", Base64.getEncoder().encodeToString(this.data));
		return json;
	}

}
