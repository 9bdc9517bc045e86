package dev.events.encryption;

import java.util.Arrays;
import java.util.HexFormat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The primitives give what standards say they give.
 */
class KnownAnswerTests {

	private static byte[] hex(String text) {
		return HexFormat.of().parseHex((text != null) ? text : "");
	}

	private static byte[] join(byte[] first, byte[] second) {
		byte[] joined = Arrays.copyOf(first, first.length + second.length);
		System.arraycopy(second, 0, joined, first.length, second.length);
		return joined;
	}

	/**
	 * From NIST's CAVP: gcmEncryptExtIV256.rsp and gcmDecrypt256.rsp (nonces of 96, tags
	 * of 128 bits), and the test cases 13 to 16 of the submission of GCM to NIST.
	 */
	@ParameterizedTest
	@CsvSource(nullValues = "-", value = {
			"b52c505a37d78eda5dd34f20c22540ea1b58963cf8e5bf8ffa85f9f2492505b4, 516c33929df5a3284ff463d7, -, -, -, bdc1ac884d332457a1d2664f168c76f0",
			"5fe0861cdc2690ce69b3658c7f26f8458eec1c9243c5ba0845305d897e96ca0f, 770ac1a5a3d476d5d96944a1, -, -, -, 196d691e1047093ca4b3d2ef4baba216",
			"54e352ea1d84bfe64a1011096111fbe7668ad2203d902a01458c3bbd85bfce14, df7c3bca00396d0c018495d9, 85fc3dfad9b5a8d3258e4fc44571bd3b, 7e968d71b50c1f11fd001f3fef49d045, 426e0efc693b7be1f3018db7ddbb7e4d, ee8257795be6a1164d7e1d2d6cac77a7",
			"82f0d1ddc58123f805541f55a7eab43f56ddfefc06c73d57709df3d5a4aabfb3, 0c9d74af29ed4406c77a8e4b, 3fe7811a8224a1881da34a27e03da86a, 34325620a392739beeee6c370967d539, c61155d41495e9fc76060fe7f8c926a2, 66d8c881d66370504d2bf00cdb06259e",
			"562a865ddc042577284b34b6cd267aa3e9adedf6b8a9e2490d5519eaea3daccc, f20e5db286f3ee11835a5103, 7e59320cc09d1ccfb49f7c90e81326dc, c638e57814cd44f8af9730208f5464d5, ae62b52018c253be2463ff235cd3ff1d, 6e481954d30c503ce6d448fda4116578",
			"b919ab155fc93ad5f3bac0e9706999031a3175356b070bd45fa6dbe7099126d0, e65d8f9f6b67d5b333191044, 0c5b45bf8168b2cd8069702624c68dc5, b04f3b04764aa3208165e8374faea266, 3da7bfdbe0fc98a1b657f70b2c046f46, d9bfbcb1a1027b0d5dbe9e0accf587b5",
			"0000000000000000000000000000000000000000000000000000000000000000, 000000000000000000000000, -, -, -, 530f8afbc74536b9a963b4f1c4cb738b",
			"0000000000000000000000000000000000000000000000000000000000000000, 000000000000000000000000, 00000000000000000000000000000000, -, cea7403d4d606b6e074ec5d3baf39d18, d0d1c8a799996bf0265b98b5d48ab919",
			"feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308, cafebabefacedbaddecaf888, d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a721c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b391aafd255, -, 522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f662898015ad, b094dac5d93471bdec1a502270e3cc6c",
			"feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308, cafebabefacedbaddecaf888, d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a721c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39, feedfacedeadbeeffeedfacedeadbeefabaddad2, 522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f662, 76fc6ece0f4e1768cddf8853bb2d551b" })
	void aes256Gcm(String key, String nonce, String plain, String associated, String cipher, String tag) {
		byte[] sealed = join(hex(cipher), hex(tag));
		assertThat(AesGcm.encrypt(hex(key), hex(nonce), hex(associated), hex(plain))).isEqualTo(sealed);
		assertThat(AesGcm.decrypt(hex(key), hex(nonce), hex(associated), sealed)).hasValue(hex(plain));
		for (int i = 0; i < sealed.length; i++) {
			byte[] changed = sealed.clone();
			changed[i] ^= 1;
			assertThat(AesGcm.decrypt(hex(key), hex(nonce), hex(associated), changed)).isEmpty();
		}
	}

	/** The cases of gcmDecrypt256.rsp that must fail. */
	@ParameterizedTest
	@CsvSource({
			"9a0343f850a6427120f764789ffec6d237447b898fbf51d2182f065d3861497d, 3deef6f453dd70d92143adcd, dbb8226a624520863db6897017b2a4f8, e93165935ac18e3a2845d15fe31a9286, f5fc50d18766bc3d9e16dd136d45816b",
			"2a765ceac97265c15209eea90bea85cd9586b972160502ff592a306dc017e6b9, 62c545d9d4e3c7acb66b4bf1, 7d12474e23dc233bc6312d4d5b2deee4, ae0594a7b66d3a958e4e6212d3288f91, ec9aa846d185cc0f43d392240cd6e2c4",
			"2b44f83492c05b784b6d9405c64a0530eb9ac7fcd6d5d1f0e3d4ab015a07398b, 88c16315108517124ba3b280, af6406f8222a287ef1086a264929dfc5, a0df8e1083853d740e80dd77e3a78d10, 08d0184cb2cbec32ebbebb30fb253e74" })
	void aes256GcmRefuses(String key, String nonce, String associated, String cipher, String tag) {
		assertThat(AesGcm.decrypt(hex(key), hex(nonce), hex(associated), join(hex(cipher), hex(tag)))).isEmpty();
	}

	/** Test cases 1 to 3 of RFC 5869. */
	@ParameterizedTest
	@CsvSource(nullValues = "-", value = {
			"0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b, 000102030405060708090a0b0c, f0f1f2f3f4f5f6f7f8f9, 3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865",
			"000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f202122232425262728292a2b2c2d2e2f303132333435363738393a3b3c3d3e3f404142434445464748494a4b4c4d4e4f, 606162636465666768696a6b6c6d6e6f707172737475767778797a7b7c7d7e7f808182838485868788898a8b8c8d8e8f909192939495969798999a9b9c9d9e9fa0a1a2a3a4a5a6a7a8a9aaabacadaeaf, b0b1b2b3b4b5b6b7b8b9babbbcbdbebfc0c1c2c3c4c5c6c7c8c9cacbcccdcecfd0d1d2d3d4d5d6d7d8d9dadbdcdddedfe0e1e2e3e4e5e6e7e8e9eaebecedeeeff0f1f2f3f4f5f6f7f8f9fafbfcfdfeff, b11e398dc80327a1c8e7f78c596a49344f012eda2d4efad8a050cc4c19afa97c59045a99cac7827271cb41c65e590e09da3275600c2f09b8367793a9aca3db71cc30c58179ec3e87c14c01d5c1f3434f1d87",
			"0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b, -, -, 8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395faa4b61a96c8" })
	void hkdf(String key, String salt, String info, String expected) {
		assertThat(Hkdf.derive(hex(key), hex(salt), hex(info), hex(expected).length)).isEqualTo(hex(expected));
	}

}
