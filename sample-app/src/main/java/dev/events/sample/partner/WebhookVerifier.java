package dev.events.sample.partner;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;

import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

import org.springframework.stereotype.Component;

/**
 * Checks signatures as Standard Webhooks says; a real receiver takes one of its
 * libraries.
 */
@Component
class WebhookVerifier {

	private static final Duration TOLERANCE = Duration.ofMinutes(5);

	private final SecretKeySpec key;

	WebhookVerifier(PartnerProperties properties) {
		String secret = properties.secret().substring("whsec_".length());
		this.key = new SecretKeySpec(Base64.getDecoder().decode(secret), "HmacSHA256");
	}

	boolean isGenuine(String id, long timestamp, String signatures, byte[] body) {
		Instant sent = Instant.ofEpochSecond(timestamp);
		if (Duration.between(sent, Instant.now()).abs().compareTo(TOLERANCE) > 0) {
			return false; // somebody may have recorded it
		}
		byte[] expected = ("v1," + Base64.getEncoder().encodeToString(sign(id + "." + timestamp + ".", body)))
			.getBytes(StandardCharsets.US_ASCII);
		boolean genuine = false;
		for (String signature : signatures.split(" ")) {
			genuine |= MessageDigest.isEqual(expected, signature.getBytes(StandardCharsets.US_ASCII));
		}
		return genuine;
	}

	private byte[] sign(String prefix, byte[] body) {
		try {
			Mac mac = Mac.getInstance("HmacSHA256");
			mac.init(this.key);
			mac.update(prefix.getBytes(StandardCharsets.UTF_8));
			return mac.doFinal(body);
		}
		catch (GeneralSecurityException ex) {
			throw new IllegalStateException(ex);
		}
	}

}
