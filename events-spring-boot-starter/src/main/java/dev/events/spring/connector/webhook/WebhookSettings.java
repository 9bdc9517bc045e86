package dev.events.spring.connector.webhook;

import java.time.Duration;
import java.util.List;

import org.springframework.boot.http.client.InetAddressFilter;

/**
 * What the application says about all webhooks. Immutable.
 *
 * @param allowHttp whether URLs may begin with {@code http:}
 * @param allowPrivateAddresses whether webhooks may be sent anywhere, also into private
 * networks and to this machine
 * @param allowedNetworks networks to which they may be sent besides public ones, for
 * example {@code 10.1.0.0/16}
 * @param connectTimeout how long connecting to one address may take
 * @param readTimeout longest silence of the receiver
 * @param timeout how long a call may take in all when the subscription does not say
 * @param suspendAfter how long a receiver must have failed without interruption before
 * its subscription is paused, when that does not say
 */
public record WebhookSettings(boolean allowHttp, boolean allowPrivateAddresses, List<String> allowedNetworks,
		Duration connectTimeout, Duration readTimeout, Duration timeout, Duration suspendAfter) {

	static final Duration MAX_TIMEOUT = Duration.ofMinutes(5);

	/**
	 * Checks the settings.
	 * @throws IllegalArgumentException when one is not possible
	 */
	public WebhookSettings {
		allowedNetworks = List.copyOf(allowedNetworks);
		requireTimeout("connect-timeout", connectTimeout);
		requireTimeout("read-timeout", readTimeout);
		requireTimeout("timeout", timeout);
		if (suspendAfter.isNegative() || suspendAfter.isZero()) {
			throw new IllegalArgumentException("suspend-after is " + suspendAfter + "; write a time such as 1d");
		}
		for (String network : allowedNetworks) {
			requireNetwork(network);
		}
	}

	private static void requireTimeout(String name, Duration timeout) {
		if (timeout.toMillis() < 1 || timeout.compareTo(MAX_TIMEOUT) > 0) {
			throw new IllegalArgumentException(name + " is " + timeout + "; it must be from 1ms to 5m");
		}
	}

	private static void requireNetwork(String network) {
		try {
			InetAddressFilter.of(network);
		}
		catch (RuntimeException ex) {
			throw new IllegalArgumentException("allowed-networks has '" + network
					+ "', which is no network; write an address, or one with a prefix length: 10.1.0.0/16", ex);
		}
	}

	/**
	 * Which addresses webhooks may be sent to.
	 */
	InetAddressFilter addresses() {
		return this.allowPrivateAddresses ? InetAddressFilter.all()
				: PublicAddresses.FILTER.or(this.allowedNetworks.toArray(String[]::new));
	}

	/**
	 * Addresses of the public internet: neither this machine nor a private network, nor
	 * where clouds tell secrets to their machines.
	 */
	private static final class PublicAddresses {

		// besides what Spring Boot knows: IPv4 in other clothes, further reserved blocks,
		// and the host services of Azure, which have a public address
		static final InetAddressFilter FILTER = InetAddressFilter.externalAddresses()
			.andNot("::/96", "::ffff:0:0:0/96", "64:ff9b:1::/48", "100:0:0:1::/64", "3fff::/20", "5f00::/16",
					"fec0::/10", "168.63.129.16");

		private PublicAddresses() {
		}

	}

}
