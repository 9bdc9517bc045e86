package dev.events.spring.connector.webhook;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

import dev.events.connector.InvalidConfigException;

/**
 * Signs as <a href="https://www.standardwebhooks.com">Standard Webhooks</a> says, with
 * HMAC-SHA256 and each of the secrets, so that receivers can change from one to the next.
 * Immutable.
 */
final class WebhookSignature {

	private static final String PREFIX = "whsec_";

	private static final int MIN_BYTES = 24;

	private static final int MAX_BYTES = 64;

	private static final String ALGORITHM = "HmacSHA256";

	private final List<SecretKeySpec> keys;

	private WebhookSignature(List<SecretKeySpec> keys) {
		this.keys = keys;
	}

	/**
	 * Signs with these secrets.
	 * @param field name of the field they come from
	 * @throws InvalidConfigException when one is not possible
	 */
	static WebhookSignature of(List<String> secrets, String field) {
		List<SecretKeySpec> keys = new ArrayList<>();
		for (String secret : secrets) {
			keys.add(new SecretKeySpec(decode(secret, field), ALGORITHM));
		}
		return new WebhookSignature(List.copyOf(keys));
	}

	private static byte[] decode(String secret, String field) {
		byte[] key = {};
		if (secret.startsWith(PREFIX)) {
			try {
				key = Base64.getDecoder().decode(secret.substring(PREFIX.length()));
			}
			catch (IllegalArgumentException ex) {
				// told below
			}
		}
		InvalidConfigException.require(key.length >= MIN_BYTES && key.length <= MAX_BYTES, field,
				"must be " + PREFIX + " and " + MIN_BYTES + " to " + MAX_BYTES
						+ " random bytes in Base64, for example from: openssl rand -base64 32");
		return key;
	}

	/** Value of the header {@code webhook-signature}. */
	String sign(String id, long timestamp, byte[] body) {
		byte[] prefix = (id + "." + timestamp + ".").getBytes(StandardCharsets.UTF_8);
		StringBuilder signatures = new StringBuilder();
		for (SecretKeySpec key : this.keys) {
			signatures.append(signatures.isEmpty() ? "" : " ").append("v1,").append(sign(key, prefix, body));
		}
		return signatures.toString();
	}

	private static String sign(SecretKeySpec key, byte[] prefix, byte[] body) {
		try {
			Mac mac = Mac.getInstance(ALGORITHM);
			mac.init(key);
			mac.update(prefix);
			return Base64.getEncoder().encodeToString(mac.doFinal(body));
		}
		catch (GeneralSecurityException ex) {
			throw new IllegalStateException("Every Java platform has " + ALGORITHM, ex);
		}
	}

}
