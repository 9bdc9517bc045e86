package dev.events.spring.connector.webhook;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

import dev.events.connector.InvalidConfigException;
import org.apache.hc.client5.http.DnsResolver;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.http.client.FilteredHostException;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class WebhookAddressTests {

	private static WebhookSettings settings(String... networks) {
		return new WebhookSettings(true, false, List.of(networks), Duration.ofSeconds(2), Duration.ofSeconds(5),
				Duration.ofSeconds(5), Duration.ofDays(1));
	}

	private static WebhookConfig config(String url) {
		return new WebhookConfig(url, Receiver.SECRET, null, null, null, null, null);
	}

	@ParameterizedTest
	@ValueSource(strings = { "https://127.0.0.1/", "https://localhost/", "https://LOCALHOST:8443/",
			"https://a.localhost/", "https://169.254.169.254/latest/meta-data/", "https://[::1]/",
			"https://[::ffff:127.0.0.1]/", "https://[::ffff:a9fe:a9fe]/", "https://[::127.0.0.1]/",
			"https://[64:ff9b::7f00:1]/", "https://[fd00:ec2::254]/", "https://[fe80::1]/", "https://[ff02::1]/",
			"https://[2002:7f00:1::]/", "https://10.1.2.3/", "https://172.16.0.1/", "https://192.168.1.1/",
			"https://100.100.100.200/", "https://192.0.0.192/", "https://224.0.0.1/", "https://0.0.0.0/",
			"https://[::]/", "https://255.255.255.255/", "https://168.63.129.16/" })
	void refusesAddressesThatAreNotPublic(String url) {
		assertRefused(url, "url must not lead to this machine or into a private network");
	}

	@ParameterizedTest
	@ValueSource(strings = { "https://2130706433/", "https://0x7f000001/", "https://0x7f.1/", "https://127.1/",
			"https://0177.0.0.1/", "https://127.0.0.01/", "https://127.0.0.1./", "https://[fe80::1%25eth0]/",
			"https://①②⑦.0.0.1/" })
	void refusesAddressesInOtherForms(String url) {
		assertRefused(url, "url ");
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "hooks", "ftp://example.org/", "https:///hooks", "https://user:pw@example.org/",
			"https://example.org/#a", "https://example.org:0/", "https://example.org:70000/", "https://exa mple.org/",
			"file:///etc/passwd", "https:example.org" })
	void refusesWhatIsNotAUrl(String url) {
		assertRefused(url, "url ");
	}

	private static void assertRefused(String url, String message) {
		WebhookConnector connector = new WebhookConnector(settings());
		assertThatExceptionOfType(InvalidConfigException.class).isThrownBy(() -> connector.validate(config(url)))
			.withMessageStartingWith(message)
			.satisfies((ex) -> assertThat(ex.field()).isEqualTo("url"));
	}

	@Test
	void takesPublicAddressesAndNames() {
		WebhookConnector connector = new WebhookConnector(settings());
		for (String url : List.of("https://example.org/hooks?a=b", "https://8.8.8.8:8443/", "https://[2606:4700::1]/",
				"http://xn--bcher-kva.example/", "https://10.0.0.1.example.org/")) {
			connector.validate(config(url));
		}
		new WebhookConnector(settings("10.1.0.0/16", "::1")).validate(config("https://10.1.2.3/"));
	}

	@Test
	void wantsHttpsUnlessTheApplicationAllowsMore() {
		WebhookSettings strict = new WebhookSettings(false, true, List.of(), Duration.ofSeconds(1),
				Duration.ofSeconds(1), Duration.ofSeconds(1), Duration.ofDays(1));
		assertThatExceptionOfType(InvalidConfigException.class)
			.isThrownBy(() -> new WebhookConnector(strict).validate(config("http://example.org/")))
			.withMessageContaining("events.webhook.allow-http");
	}

	@Test
	void checksTheSettings() {
		assertThatIllegalArgumentException().isThrownBy(() -> settings("10.0.0.0/99"))
			.withMessageContaining("10.0.0.0/99");
		assertThatIllegalArgumentException().isThrownBy(() -> settings("intranet"))
			.withMessageStartingWith("allowed-networks has 'intranet'");
	}

	@ParameterizedTest
	@ValueSource(strings = { "127.0.0.1", "::1", "169.254.169.254", "10.0.0.1", "::ffff:127.0.0.1" })
	void refusesNamesThatStandForPrivateAddresses(String address) throws Exception {
		try (Receiver receiver = new Receiver(Receiver.status(204));
				WebhookConnector connector = new WebhookConnector(settings(), new Names(address), Clock.systemUTC())) {
			WebhookConfig config = config(receiver.url("public.example.org"));
			connector.validate(config);
			Deliveries deliveries = new Deliveries(connector, config);
			assertThatExceptionOfType(Exception.class).isThrownBy(deliveries::deliver)
				.withMessageContaining("no address that webhooks may be sent to")
				.withCauseInstanceOf(FilteredHostException.class);
			assertThat(deliveries.connection.details()).containsKey("lastProblem");
			assertThat(deliveries.connection.details().toString()).doesNotContain(address);
			assertThat(receiver.requests).isEmpty();
		}
	}

	/** A name that stands for something else the second time is asked only once. */
	@Test
	void connectsToTheAddressThatWasChecked() throws Exception {
		Names names = new Names("127.0.0.1", "10.0.0.1");
		try (Receiver receiver = new Receiver(Receiver.status(204, "Connection", "close"));
				WebhookConnector connector = new WebhookConnector(settings("127.0.0.1"), names, Clock.systemUTC())) {
			Deliveries deliveries = new Deliveries(connector, config(receiver.url("rebound.example.org")));
			deliveries.deliver();
			assertThat(receiver.requests).hasSize(1);
			assertThat(names.asked.get()).isEqualTo(1);
			assertThatExceptionOfType(Exception.class).isThrownBy(deliveries::deliver)
				.withCauseInstanceOf(FilteredHostException.class);
			assertThat(names.asked.get()).isEqualTo(2);
			assertThat(receiver.requests).hasSize(1);
		}
	}

	/** Stands for one address after the other. */
	private static final class Names implements DnsResolver {

		final AtomicInteger asked = new AtomicInteger();

		private final List<String> addresses;

		Names(String... addresses) {
			this.addresses = List.of(addresses);
		}

		@Override
		public InetAddress[] resolve(String host) throws UnknownHostException {
			int i = Math.min(this.asked.getAndIncrement(), this.addresses.size() - 1);
			return new InetAddress[] { InetAddress.getByName(this.addresses.get(i)) };
		}

		@Override
		public String resolveCanonicalHostname(String host) {
			return host;
		}

	}

}
