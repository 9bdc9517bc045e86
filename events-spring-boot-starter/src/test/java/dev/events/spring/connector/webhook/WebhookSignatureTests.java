package dev.events.spring.connector.webhook;

import java.nio.charset.StandardCharsets;
import java.util.List;

import com.standardwebhooks.Webhook;
import dev.events.connector.InvalidConfigException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class WebhookSignatureTests {

	// the vector of the reference libraries
	private static final String ID = "msg_p5jXN8AQM9LWM0D4loKWxJek";

	private static final long TIMESTAMP = 1614265330;

	private static final String BODY = "{\"test\": 2432232314}";

	private static final String OTHER = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSv";

	@Test
	void signsAsTheTestVectorSays() throws Exception {
		String signature = WebhookSignature.of(List.of(Receiver.SECRET), "secret").sign(ID, TIMESTAMP, bytes());
		assertThat(signature).isEqualTo("v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=")
			.isEqualTo(new Webhook(Receiver.SECRET).sign(ID, TIMESTAMP, BODY));
	}

	@Test
	void signsWithEachSecret() throws Exception {
		assertThat(WebhookSignature.of(List.of(OTHER, Receiver.SECRET), "secrets").sign(ID, TIMESTAMP, bytes()))
			.isEqualTo(new Webhook(OTHER).sign(ID, TIMESTAMP, BODY) + " "
					+ new Webhook(Receiver.SECRET).sign(ID, TIMESTAMP, BODY));
	}

	private static byte[] bytes() {
		return BODY.getBytes(StandardCharsets.UTF_8);
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "secret", "whsec_", "whsec_c2hvcnQ=", "whsec_no base64 at all but long enough!!",
			"MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw" })
	void refusesWeakSecretsWithoutTellingThem(String secret) {
		assertThatExceptionOfType(InvalidConfigException.class)
			.isThrownBy(() -> WebhookSignature.of(List.of(secret), "secret"))
			.withMessageStartingWith("secret must be whsec_ and 24 to 64 random bytes in Base64");
	}

}
