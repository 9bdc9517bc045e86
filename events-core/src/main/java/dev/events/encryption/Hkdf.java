package dev.events.encryption;

import java.security.GeneralSecurityException;
import java.util.Arrays;

import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * HKDF with HMAC-SHA-256 (RFC 5869): makes independent keys of one. The JDK has it only
 * from 25 on.
 */
final class Hkdf {

	private static final String ALGORITHM = "HmacSHA256";

	private static final int HASH_LENGTH = 32;

	private Hkdf() {
	}

	/**
	 * Makes a key.
	 * @param key the key it is made of
	 * @param salt makes it differ from others of the same use
	 * @param info names the use
	 * @param length in bytes, at most 8160
	 */
	static byte[] derive(byte[] key, byte[] salt, byte[] info, int length) {
		try {
			Mac mac = Mac.getInstance(ALGORITHM);
			// an empty salt is one of zeros; the JDK takes no empty keys
			mac.init(new SecretKeySpec((salt.length > 0) ? salt : new byte[HASH_LENGTH], ALGORITHM));
			byte[] extracted = mac.doFinal(key);
			mac.init(new SecretKeySpec(extracted, ALGORITHM));
			byte[] result = new byte[length];
			byte[] block = {};
			int done = 0;
			for (int number = 1; done < length; number++) {
				mac.update(block);
				mac.update(info);
				block = mac.doFinal(new byte[] { (byte) number });
				int count = Math.min(block.length, length - done);
				System.arraycopy(block, 0, result, done, count);
				done += count;
			}
			Arrays.fill(extracted, (byte) 0);
			return result;
		}
		catch (GeneralSecurityException ex) {
			throw new IllegalStateException("HMAC-SHA-256 is not available", ex);
		}
	}

}
