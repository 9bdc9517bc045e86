package dev.events.encryption;

import java.security.GeneralSecurityException;
import java.util.Optional;

import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * AES in Galois/Counter mode (NIST SP 800-38D) with nonces of 96 bits and tags of 128
 * bits, as the JDK has it. The tag stands behind the cipher text.
 */
final class AesGcm {

	static final int NONCE_LENGTH = 12;

	static final int TAG_LENGTH = 16;

	private AesGcm() {
	}

	/** Encrypts; a nonce must not be used twice with the same key. */
	static byte[] encrypt(byte[] key, byte[] nonce, byte[] associated, byte[] plain) {
		try {
			return cipher(Cipher.ENCRYPT_MODE, key, nonce, associated).doFinal(plain);
		}
		catch (GeneralSecurityException ex) {
			throw new IllegalStateException("AES-256-GCM is not available", ex);
		}
	}

	/**
	 * Decrypts; empty when key, nonce, associated data or cipher text are not the same.
	 */
	static Optional<byte[]> decrypt(byte[] key, byte[] nonce, byte[] associated, byte[] encrypted) {
		if (nonce.length != NONCE_LENGTH || encrypted.length < TAG_LENGTH) {
			return Optional.empty();
		}
		try {
			return Optional.of(cipher(Cipher.DECRYPT_MODE, key, nonce, associated).doFinal(encrypted));
		}
		catch (AEADBadTagException ex) {
			return Optional.empty();
		}
		catch (GeneralSecurityException ex) {
			throw new IllegalStateException("AES-256-GCM is not available", ex);
		}
	}

	private static Cipher cipher(int mode, byte[] key, byte[] nonce, byte[] associated)
			throws GeneralSecurityException {
		Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
		cipher.init(mode, new SecretKeySpec(key, "AES"), new GCMParameterSpec(8 * TAG_LENGTH, nonce));
		cipher.updateAAD(associated);
		return cipher;
	}

}
